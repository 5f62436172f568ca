"""Linking by QR: the phone vouches for a companion, the companion makes sure of the phone.

White paper, "Linking"; order of checks as in `pair.go` of tulir/whatsmeow.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impl import lists
from impl.address import PHONE, Address
from impl.attestation import account_message, account_vouches, device_message
from impl.crypto import xeddsa
from impl.crypto.kdf import hmac_sha256
from impl.refusal import Refused, refused_as
from impl.wire.adv import DeviceIdentity, IdentityContainer, SignedDeviceIdentity
from impl.wire.qr import Qr

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone

SEATS = 4
SECRET_SIZE = 32
PHONE_TYPES = frozenset("ef")  # Android phone, and Android of unknown shape


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


def show_qr(companion: Companion, ref: str) -> str:
    """A QR text with a linking secret of its own; the former one is worthless from now on. Raises Refused."""
    check_never_linked(companion)
    companion.secret = companion.entropy(SECRET_SIZE)
    return Qr(ref, companion.noise.public, companion.identity.public, companion.secret, companion.client_type).encode()


def approve(phone: Phone, text: str, now: int) -> Approval:
    """The phone scans and vouches: account signature, HMAC under the linking secret, list. Raises Refused."""
    with refused_as("well_formed"):
        qr = Qr.decode(text)
    check_once(phone, qr)
    check_may_join(phone, qr)
    index = max(phone.vouched, default=0) + 1
    timestamp = phone.next_timestamp(now)
    details = DeviceIdentity(phone.raw_id, timestamp, index).encode()
    signed = SignedDeviceIdentity(
        details,
        phone.identity.public,
        xeddsa.sign(phone.identity.private, account_message(details, qr.identity), phone.entropy),
    ).encode()
    view = lists.issue(phone, (*phone.live, index), index, timestamp)
    phone.vouched[index] = Vouched(qr.identity, details)
    phone.views[phone.address.user] = view
    approval = Approval(IdentityContainer(signed, hmac_sha256(qr.secret, signed)).encode(), view.signed, index)
    phone.approvals[qr.noise] = approval
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
    lists.check_not_of_the_future(identity.timestamp, now)
    own = companion.identity
    message = device_message(signed.details, own.public, account_key)
    signed = replace(signed, device_signature=xeddsa.sign(own.private, message, companion.entropy))
    spend_secret(companion)
    companion.pins[address.user] = account_key
    companion.address = address
    companion.device_identity = signed.encode()
    companion.links += 1
    companion.joining = True
    return replace(signed, account_key=None).encode()


def joined(phone: Phone, address: Address, device_identity: bytes) -> None:
    """A companion says that it has signed; what it signed is checked before history is shared. Raises Refused."""
    with refused_as("well_formed"):
        index = SignedDeviceIdentity.decode(device_identity).identity.key_index
    check_live(phone, index)
    phone.companions[index] = address
    phone.newcomers[address] = device_identity


def unlink(phone: Phone, key_index: int, now: int) -> bytes:
    """A list without the companion; its index is never given away again. Raises Refused."""
    check_live(phone, key_index)
    live = tuple(index for index in phone.live if index != key_index)
    view = lists.issue(phone, live, max(phone.vouched), phone.next_timestamp(now))
    phone.views[phone.address.user] = view
    return view.signed


def check_never_linked(companion: Companion) -> None:
    if companion.links:
        raise Refused("fresh", "this identity was linked before: linking again needs a new one")


def check_once(phone: Phone, qr: Qr) -> None:
    if any(vouched.identity == qr.identity for vouched in phone.vouched.values()):
        raise Refused("once", "this identity was vouched for before")


def check_may_join(phone: Phone, qr: Qr) -> None:
    check_not_a_phone(phone, qr)
    check_seat_free(phone)


def check_not_a_phone(phone: Phone, qr: Qr) -> None:
    if qr.client_type in PHONE_TYPES:
        raise Refused("not_a_phone", "the client says that it is a phone")
    if qr.identity in phone.pins.values():
        raise Refused("not_a_phone", "the identity is an account's, so its device is a phone")


def check_seat_free(phone: Phone) -> None:
    if len(phone.live) >= SEATS:
        raise Refused("seat_free", f"{SEATS} companions are linked")


def check_live(phone: Phone, key_index: int) -> None:
    if key_index not in phone.live:
        raise Refused("listed", f"no live companion has key index {key_index}")


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
