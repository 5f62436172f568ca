"""Getting to know the devices of accounts: lists are verified, and a session is made with each that is vouched for.

White paper, "Session set-up"; what the server says beyond the signed list counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from impl.address import PHONE, Address
from impl.device import Device
from impl.dialogue import Devices, FetchBundles, FetchDevices, Flow, ask
from impl.refusal import Refused

ANEW = {"signature", "same_epoch"}
"""Refusals of a list that a new registration of its account may explain."""


def meet_all(device: Device, users: Iterable[str], now: int) -> Flow[list[Refused]]:
    """Learns the lists of these accounts and meets their devices; answers with what was refused.

    An account that nobody pinned yet is pinned by the identity of its phone (trust on first use); that of one which
    seems to have been registered anew is looked at again.
    """
    directory = yield from ask(FetchDevices(tuple(dict.fromkeys(users))))
    refusals = []
    for user, devices in directory.items():
        try:
            yield from _meet_phone(device, user, devices, now)
            yield from _learn_list(device, user, devices, now)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            refusals += yield from _meet_companions(device, devices, now)
    return refusals


def can_send(device: Device, address: Address, now: int) -> bool:
    """Whether there is a session, and one that was not left unanswered for too long."""
    record = device.records.get(address)
    return record is not None and not record.current.stale(now)


def needs_meeting(device: Device, user: str, now: int) -> bool:
    """Whether nothing can be said to an account before its devices are met, or met again."""
    sessions = [can_send(device, each, now) for each in device.peers.of(user) if each in device.records]
    alone = device.address is not None and device.address.user == user
    return user in device.doubts or not all(sessions) or not (sessions or alone)


def _meet_phone(device: Device, user: str, devices: Devices, now: int, suspected: bool = False) -> Flow[None]:
    phone = Address(user, PHONE)
    known = can_send(device, phone, now) and user not in device.doubts and not suspected
    if known or phone == device.address or all(each.address != phone for each in devices.devices):
        return
    for address, bundle in (yield from ask(FetchBundles((phone,)))):
        if address == phone:
            device.meet_phone(user, bundle, now)


def _learn_list(device: Device, user: str, devices: Devices, now: int) -> Flow[None]:
    """A list that the pinned key has not signed may be that of an account registered anew: its phone tells."""
    if devices.signed_list is None or user not in device.pins:
        return
    try:
        device.learn_list(user, devices.signed_list, now)
    except Refused as refusal:
        if refusal.check not in ANEW:
            raise
        yield from _meet_phone(device, user, devices, now, suspected=True)
        device.learn_list(user, devices.signed_list, now)


def _meet_companions(device: Device, devices: Devices, now: int) -> Flow[list[Refused]]:
    refusals = []
    indexes = {
        each.address: each.key_index
        for each in devices.devices
        if each.address.device != PHONE and each.address != device.address and not can_send(device, each.address, now)
    }
    wanted = tuple(address for address, index in indexes.items() if device.lists(address, index))
    for address, bundle in (yield from ask(FetchBundles(wanted))) if wanted else ():
        try:
            if address in wanted:
                device.meet(address, indexes[address], bundle, now)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals
