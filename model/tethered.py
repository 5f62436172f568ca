"""The design of before: a companion is a window on its phone, one at a time.

What a companion sends and shows goes through the phone, so it needs the phone switched on and connected; the phone
knows one companion and drops it for the next; and what the companion shows is what the phone reads, so whoever copies
the companion has read with the phone. Composed with the modules of the new design, it leaves moves out and changes
effects; which properties that breaks is the reason for the new one.

Source: announcement of 2021, on how companions worked until then.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device
from model.compromise import Compromise
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message, same_account
from model.language import Formula, Module, along, elements, when
from model.linking import Linking, Seat


class Tethered(Module):
    """Everything that a companion does, its phone does for it."""

    @along(Fanout.send)
    def sent_by_the_phone(message: Message) -> None:
        when(phone_reachable=reachable(Fanout.author(message)))

    @along(Fanout.receive)
    def shown_by_the_phone(device: Device) -> None:
        when(phone_reachable=reachable(device))

    @along(Linking.scan)
    def one_at_a_time(phone: Device, companion: Device, next: DeviceList) -> None:
        user, index = Accounts.owner(phone), Accounts.index(companion)
        now, seat = DeviceLists.current(user), elements(Seat)[0]

        def gone(k: Any) -> Formula:
            dropped = DeviceLists.names(now, k) & ~Accounts.zero(k) & (k != index)
            return DeviceLists.retired(now, k) | dropped

        DeviceLists.names[next, :] = lambda k: (DeviceLists.names(now, k) & Accounts.zero(k)) | (k == index)
        DeviceLists.retired[next, :] = gone
        DeviceLists.learned[phone, user, :] = lambda k: DeviceLists.learned(phone, user, k) | gone(k)
        Linking.seat[user, index] = seat
        Linking.taken[user, :] = lambda other: other == seat

    @along(Compromise.compromise)
    def with_the_eyes_of_the_phone(device: Device) -> None:
        Compromise.unsealed[device, :, :] = lambda message, addressee: (
            Fanout.sealed(message, addressee)
            & ((addressee == device) | (Accounts.phone(addressee) & same_account(addressee, device)))
        )


def reachable(device: Any) -> Formula:
    """The phone of the account that the device belongs to is switched on."""
    return ~Accounts.offline(Accounts.account(device))
