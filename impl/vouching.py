"""Whether an account stands behind a device: both signatures of linking, checked by everybody else.

White paper, "Session set-up"; an account key embedded in the proof counts for nothing unless it is the pinned
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.account_type import check_account_type
from impl.address import PHONE, Address
from impl.attestation import account_vouches, device_agrees
from impl.refusal import Refused, refused_as
from impl.wire.adv import DeviceIdentity, SignedDeviceIdentity

if TYPE_CHECKING:
    from impl.device import Device


def vouched_index(device: Device, address: Address, identity: bytes, device_identity: bytes | None) -> int:
    """The key index under which the account of `address` vouches for the holder of `identity`.

    A phone needs no signature: its identity key is the account key. Raises Refused.
    """
    pin = device.pins.get(address.user)
    if pin is None:
        raise Refused("account_signature", f"no account key is pinned for {address.user}")
    if address.device == PHONE:
        check_account_key(pin, identity)
        return PHONE
    if device_identity is None:
        raise Refused("account_signature", "a companion without a device identity")
    with refused_as("well_formed"):
        signed = SignedDeviceIdentity.decode(device_identity)
    check_account_signature(signed, identity, pin)
    check_device_signature(signed, identity, pin)
    with refused_as("well_formed"):
        content = signed.identity
    check_epoch(device, address.user, content)
    view = device.views.get(address.user)
    check_account_type(view.list.account_type if view else content.account_type, content)
    return content.key_index


def check_account_key(pin: bytes, identity: bytes) -> None:
    if identity != pin:
        raise Refused("account_signature", "not the pinned account key")


def check_account_signature(signed: SignedDeviceIdentity, identity: bytes, pin: bytes) -> None:
    if not account_vouches(signed, identity, pin):
        raise Refused("account_signature", "the pinned account key has not signed for this identity")


def check_device_signature(signed: SignedDeviceIdentity, identity: bytes, pin: bytes) -> None:
    if not device_agrees(signed, identity, pin):
        raise Refused("device_signature", "the device has not signed that it joins this account")


def check_epoch(device: Device, user: str, content: DeviceIdentity) -> None:
    view = device.views.get(user)
    if view is not None and content.raw_id != view.list.raw_id:
        raise Refused("account_signature", "vouched for in another epoch of the account")


def check_identity_noticed(device: Device, chat: str) -> None:
    if chat in device.doubts:
        raise Refused("identity", f"{chat} was registered anew, and its new key is not known yet")


def check_identity(device: Device, address: Address, identity: bytes) -> None:
    """One address, one identity, both ways: a second name for a device would let its messages in twice."""
    known = device.peers.get(address)
    if known is not None and known.identity != identity:
        raise Refused("identity", f"{address} is known with another identity")
    if device.peers.holder(identity) not in (None, address):
        raise Refused("identity", "this identity is known at another address")
    if address == device.address or identity == device.identity.public:
        raise Refused("identity", "this is the device itself")
