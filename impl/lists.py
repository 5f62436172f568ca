"""Signed device lists: a phone issues them, every device verifies and never goes back.

White paper, "Device lists"; the checks are those advised in the section on signed key index lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.address import PHONE, Address
from impl.attestation import list_message, sign_list
from impl.crypto import xeddsa
from impl.durations import DAY
from impl.peers import View
from impl.refusal import Refused, refused_as
from impl.wire.adv import KeyIndexList, SignedKeyIndexList

if TYPE_CHECKING:
    from impl.device import Device
    from impl.phone import Phone


def issue(phone: Phone, live: tuple[int, ...], current: int, timestamp: int) -> View:
    """A new list of `phone` that names the phone and the companions `live`."""
    content = KeyIndexList(phone.raw_id, timestamp, current, (PHONE, *live))
    return View(sign_list(phone.identity, content.encode(), phone.entropy).encode(), content)


def learn(device: Device, user: str, data: bytes, now: int) -> None:
    """Takes a list of the account `user` that anybody may have handed over. Raises Refused."""
    with refused_as("well_formed"):
        signed = SignedKeyIndexList.decode(data)
    check_signature(device, user, signed)
    with refused_as("well_formed"):
        content = signed.list
    check_not_of_the_future(content.timestamp, now)
    view = device.views.get(user)
    if view is not None:
        check_same_epoch(content, view)
        check_not_older(content, view)
    take(device, user, View(data, content))


def take(device: Device, user: str, view: View) -> None:
    """The list in force from now on. Sessions with devices that it leaves out are over, in both directions.

    Who they were stays known, so that neither their address nor their identity can ever be another's.
    """
    device.views[user] = view
    for address in device.peers.of(user):
        if not is_listed(device, address, device.peers[address].key_index):
            device.records.pop(address, None)


def check_signature(device: Device, user: str, signed: SignedKeyIndexList) -> None:
    pin = device.pins.get(user)
    if pin is None:
        raise Refused("signature", f"no account key is pinned for {user}")
    if signed.account_key not in (None, pin):
        raise Refused("signature", "the list brings another account key than the pinned one")
    if not xeddsa.verify(pin, list_message(signed.details), signed.account_signature):
        raise Refused("signature", f"not signed by the account key of {user}")


def check_not_of_the_future(timestamp: int, now: int) -> None:
    if timestamp > now + DAY:
        raise Refused("not_of_the_future", "dated more than a day ahead")


def check_same_epoch(content: KeyIndexList, view: View) -> None:
    if content.raw_id != view.list.raw_id:
        raise Refused("same_epoch", "the account was registered anew: compare its security code again")


def check_not_older(content: KeyIndexList, view: View) -> None:
    if content.timestamp < view.list.timestamp:
        raise Refused("not_older", f"dated {content.timestamp}, known is {view.list.timestamp}")
    if content.timestamp == view.list.timestamp and content != view.list:
        raise Refused("not_older", "another list of the same second is known")


def is_listed(device: Device, address: Address, key_index: int) -> bool:
    """Whether the view of that account names the device; an account's phone always belongs to it."""
    if address.device == PHONE:
        return key_index == PHONE
    view = device.views.get(address.user)
    return view is not None and key_index != PHONE and key_index in view.list.valid_indexes


def may_be_told(device: Device, address: Address, key_index: int) -> bool:
    """Whether what is said now is for that device: it is listed, and its account's key is not in doubt."""
    return address.user not in device.doubts and is_listed(device, address, key_index)
