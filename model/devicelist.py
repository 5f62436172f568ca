"""Signed device lists: what a phone says about its account, and what everybody else believes.

A list names key indexes, not keys. Who shows it does not matter (the server does); the phone's signature and
the timestamp decide. Source: white paper, "Device lists"; formats and checks in `impl/lists.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.accounts import Accounts, Device, KeyIndex, User, active, acts
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    action,
    axiom,
    implies,
    initially,
    require,
    when,
)


class DeviceList(Sort):
    """A device list with its timestamp; it says nothing until its phone has signed it."""


class DeviceLists(Module):
    """Lists, their order in time, and each device's view of each account."""

    of = Relation(User, DeviceList, frozen=True)  # lists that are this user's to sign
    older = Relation(DeviceList, DeviceList, frozen=True)  # by timestamp
    first = Relation(User, gives=DeviceList, frozen=True)  # signed at registration, names the phone alone

    signed = Relation(User, DeviceList)
    names = Relation(DeviceList, KeyIndex)
    current = Relation(User, gives=DeviceList)  # the newest that the phone has signed
    view = Relation(Device, User, gives=DeviceList)  # what a device goes by
    retired = Relation(DeviceList, KeyIndex)  # unlinked when this list was signed, or before
    learned = Relation(Device, User, KeyIndex)  # the device has seen a list signed after the index was unlinked

    @axiom
    def a_list_has_one_user(one: User, other: User, list: DeviceList) -> Formula:
        return implies(DeviceLists.of(one, list) & DeviceLists.of(other, list), one == other)

    @axiom
    def everybody_starts_with_a_list(user: User) -> Formula:
        return DeviceLists.of(user, DeviceLists.first(user))

    @axiom
    def time_has_no_loops(list: DeviceList) -> Formula:
        return ~DeviceLists.older(list, list)

    @axiom
    def time_is_transitive(one: DeviceList, two: DeviceList, three: DeviceList) -> Formula:
        return implies(DeviceLists.older(one, two) & DeviceLists.older(two, three), DeviceLists.older(one, three))

    @axiom
    def time_is_total(one: DeviceList, other: DeviceList) -> Formula:
        return DeviceLists.older(one, other) | DeviceLists.older(other, one) | (one == other)

    @initially
    def start() -> None:
        DeviceLists.signed[:, :] = lambda user, list: list == DeviceLists.first(user)
        DeviceLists.names[:, :] = lambda list, index: Accounts.zero(index)
        DeviceLists.current[:] = lambda user: DeviceLists.first(user)
        DeviceLists.view[:, :] = lambda device, user: DeviceLists.first(user)

    @action
    def show(device: Device, user: User, list: DeviceList) -> None:
        """The server shows {device} the list {list} as that of {user}."""
        acts(device)
        when(active=active(device))
        require(
            signature=DeviceLists.signed(user, list),
            not_older=~DeviceLists.older(list, DeviceLists.view(device, user)),
        )
        DeviceLists.view[device, user] = list
        DeviceLists.learned[device, user, :] = lambda index: (
            DeviceLists.learned(device, user, index) | DeviceLists.retired(list, index)
        )


def next_list(user: Any, list: Any) -> Formula:
    """`list` can be the next that the user's phone signs: unsigned yet, and newer than all before."""
    newer = DeviceLists.older(DeviceLists.current(user), list)
    return DeviceLists.of(user, list) & ~DeviceLists.signed(user, list) & newer


def sign(phone: Any, list: Any, names: Callable[[Any], Formula], retired: Callable[[Any], Formula]) -> None:
    """The phone signs `list`, and goes by it from now on."""
    user = Accounts.owner(phone)
    DeviceLists.signed[user, list] = True
    DeviceLists.current[user] = list
    DeviceLists.view[phone, user] = list
    DeviceLists.names[list, :] = names
    DeviceLists.retired[list, :] = retired
    DeviceLists.learned[phone, user, :] = lambda index: DeviceLists.learned(phone, user, index) | retired(index)
