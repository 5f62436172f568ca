"""Getting to know the devices of accounts: lists are verified, and a session is made with each that is vouched for.

White paper, "Session set-up"; what the server says beyond the signed list counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from impl.address import PHONE, Address
from impl.device import Device
from impl.dialogue import Devices, FetchBundles, FetchDevices, Flow, ask
from impl.refusal import Refused


def meet_all(device: Device, users: Iterable[str], now: int) -> Flow[list[Refused]]:
    """Learns the lists of these accounts and meets their devices; answers with what was refused.

    An account that nobody pinned yet is pinned by the identity of its phone (trust on first use).
    """
    directory = yield from ask(FetchDevices(tuple(dict.fromkeys(users))))
    refusals = []
    for user, devices in directory.items():
        try:
            yield from _meet_phone(device, user, devices, now)
            if devices.signed_list is not None and user in device.pins:
                device.learn_list(user, devices.signed_list, now)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            refusals += yield from _meet_companions(device, devices, now)
    return refusals


def _meet_phone(device: Device, user: str, devices: Devices, now: int) -> Flow[None]:
    phone = Address(user, PHONE)
    if phone in (device.address, *device.peers) or all(each.address != phone for each in devices.devices):
        return
    for address, bundle in (yield from ask(FetchBundles((phone,)))):
        if address == phone:
            device.pin(user, bundle.identity)
            device.meet(phone, PHONE, bundle, now)


def _meet_companions(device: Device, devices: Devices, now: int) -> Flow[list[Refused]]:
    refusals = []
    indexes = {
        each.address: each.key_index
        for each in devices.devices
        if each.address.device != PHONE and each.address != device.address and each.address not in device.peers
    }
    wanted = tuple(address for address, index in indexes.items() if device.lists(address, index))
    for address, bundle in (yield from ask(FetchBundles(wanted))) if wanted else ():
        try:
            if address in wanted:
                device.meet(address, indexes[address], bundle, now)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals
