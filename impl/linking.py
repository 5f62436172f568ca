"""Linking: the phone vouches for a companion that it was shown, the companion makes sure of the phone.

White paper, "Linking"; order of checks as in `pair.go` of tulir/whatsmeow.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from impl import lists
from impl.account_type import check_account_type
from impl.address import PHONE, Address
from impl.attestation import account_message, account_vouches, device_message
from impl.crypto import xeddsa
from impl.crypto.kdf import hmac_sha256
from impl.kinds import DeviceProps, Kind, kind_of
from impl.pairing_code.companion import check_account_key
from impl.refusal import Refused, refused_as
from impl.unlinking import check_live
from impl.wire.adv import DeviceIdentity, IdentityContainer, SignedDeviceIdentity
from impl.wire.qr import Qr

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone

SEATS = 4
SECRET_SIZE = 32


@dataclass(frozen=True)
class Candidate:
    """What a phone learns of a companion, from its QR or by its code: 32 bytes each, and the letter of its kind."""

    noise: bytes
    identity: bytes
    secret: bytes = field(repr=False)
    client_type: str


@dataclass(frozen=True)
class Approval:
    """What a phone publishes after a scan: the container for the companion, the new signed device list."""

    container: bytes
    signed_list: bytes
    key_index: int


@dataclass(frozen=True)
class Vouched:
    """For whom a key index stands: the identity key that was scanned, and the details signed for it."""

    identity: bytes
    details: bytes


@dataclass(frozen=True)
class LinkedDevice:
    """A companion as the phone's user sees it; `kind` and `name` are its own word."""

    key_index: int
    address: Address
    kind: Kind
    name: str


def show_qr(companion: Companion, ref: str) -> str:
    """A QR text with a linking secret of its own; the former one is worthless from now on. Raises Refused."""
    check_never_linked(companion)
    companion.pairing = companion.answer = None
    companion.secret = companion.entropy(SECRET_SIZE)
    keys = companion.noise.public, companion.identity.public, companion.secret
    return Qr(ref, *keys, companion.props.platform.client_type).encode()


def scan(phone: Phone, text: str, now: int) -> Approval:
    """The phone reads a QR, and approves of what it shows. Raises Refused."""
    with refused_as("well_formed"):
        qr = Qr.decode(text)
    return approve(phone, Candidate(qr.noise, qr.identity, qr.secret, qr.client_type), now)


def approve(phone: Phone, candidate: Candidate, now: int) -> Approval:
    """The phone vouches: account signature, HMAC under the linking secret, list. Raises Refused."""
    check_once(phone, candidate)
    check_may_join(phone, candidate)
    index = max(phone.vouched, default=0) + 1
    timestamp = phone.next_timestamp(now)
    details = DeviceIdentity(phone.raw_id, timestamp, index).encode()
    signed = SignedDeviceIdentity(
        details,
        phone.identity.public,
        xeddsa.sign(phone.identity.private, account_message(details, candidate.identity), phone.entropy),
    ).encode()
    view = lists.issue(phone, (*phone.live, index), index, timestamp)
    phone.vouched[index] = Vouched(candidate.identity, details)
    phone.views[phone.address.user] = view
    container = IdentityContainer(signed, hmac_sha256(candidate.secret, signed)).encode()
    approval = Approval(container, view.signed, index)
    phone.approvals[candidate.noise] = approval
    return approval


def confirm(companion: Companion, data: bytes, address: Address, now: int) -> bytes:
    """The companion accepts the account that vouches for it, and signs in turn.

    Returns the ADVSignedDeviceIdentity that the server and the phone get, without the account key.
    Raises Refused.
    """
    with refused_as("well_formed"):
        container = IdentityContainer.decode(data)
    secret = unused_secret(companion)
    check_linking_secret(container, secret)
    with refused_as("well_formed"):
        signed = SignedDeviceIdentity.decode(container.details)
        identity = signed.identity
    check_address(address)
    account_key = signed.account_key
    if account_key is None:
        raise Refused("well_formed", "no account key")
    check_account_signature(companion, address.user, signed)
    check_account_type(container.account_type, identity)
    if companion.answer is not None:
        check_account_key(companion.answer.hello.identity, account_key)
    lists.check_not_of_the_future(identity.timestamp, now)
    own = companion.identity
    message = device_message(signed.details, own.public, account_key)
    signed = replace(signed, device_signature=xeddsa.sign(own.private, message, companion.entropy))
    spend_secret(companion)
    companion.pairing = companion.answer = None
    companion.pins[address.user] = account_key
    companion.address = address
    companion.device_identity = signed.encode()
    companion.links += 1
    companion.joining = True
    return replace(signed, account_key=None).encode()


def joined(phone: Phone, address: Address, device_identity: bytes, props: DeviceProps) -> None:
    """A companion says that it has signed; what it signed is checked before history is shared. Raises Refused.

    What it calls itself is for the eyes of the user; to be told again changes nothing.
    """
    with refused_as("well_formed"):
        index = SignedDeviceIdentity.decode(device_identity).identity.key_index
    check_live(phone, index)
    if phone.companions.get(index) != address:
        phone.companions[index] = address
        phone.props[index] = props
        phone.newcomers[address] = device_identity


def linked_devices(phone: Phone) -> tuple[LinkedDevice, ...]:
    """What the phone shows as its linked devices, in the order of linking."""
    return tuple(
        LinkedDevice(index, phone.companions[index], phone.props[index].platform.kind, phone.props[index].os)
        for index in phone.live
        if index in phone.companions
    )


def check_never_linked(companion: Companion) -> None:
    if companion.links:
        raise Refused("fresh", "this identity was linked before: linking again needs a new one")


def check_once(phone: Phone, candidate: Candidate) -> None:
    if any(vouched.identity == candidate.identity for vouched in phone.vouched.values()):
        raise Refused("once", "this identity was vouched for before")


def check_may_join(phone: Phone, candidate: Candidate) -> None:
    check_not_a_phone(phone, candidate)
    check_seat_free(phone)


def check_not_a_phone(phone: Phone, candidate: Candidate) -> None:
    if not kind_of(candidate.client_type).may_join:
        raise Refused("not_a_phone", "the client says that it is a phone")
    if candidate.identity in phone.pins.values():
        raise Refused("not_a_phone", "the identity is an account's, so its device is a phone")


def check_seat_free(phone: Phone) -> None:
    if len(phone.live) >= SEATS:
        raise Refused("seat_free", f"{SEATS} companions are linked")


def unused_secret(companion: Companion) -> bytes:
    if companion.secret is None:
        raise Refused("secret_unused", "no linking secret is waiting")
    return companion.secret


def check_address(address: Address) -> None:
    if address.device == PHONE:
        raise Refused("not_a_phone", "the address of a phone, for a companion")


def check_linking_secret(container: IdentityContainer, secret: bytes) -> None:
    if not hmac.compare_digest(container.hmac, hmac_sha256(secret, container.details)):
        raise Refused("linking_secret", "whoever answers has not seen the QR")


def check_account_signature(companion: Companion, user: str, signed: SignedDeviceIdentity) -> None:
    pin = companion.pins.get(user, signed.account_key)
    if pin is None or not account_vouches(signed, companion.identity.public, pin):
        raise Refused("account_signature", f"the account {user} has not signed for this device")


def spend_secret(companion: Companion) -> None:
    """A linking secret joins one account once."""
    companion.secret = None
