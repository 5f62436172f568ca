"""What a device knows of a group: its members by user, on the server's word alone.

WhatsApp security white paper, "Group messages". Nobody signs who is a member, so a client learns of an added one
and cannot refuse it (Roesler, Mainka, Schwenk 2018); every change is kept, for the user to see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl.address import is_group, parse_chat
from impl.fanout import check_linked
from impl.refusal import Refused, refused_as

if TYPE_CHECKING:
    from impl.device import Device

MEMBER_LIMIT = 1024


@dataclass(frozen=True)
class Group:
    """The users in a group, sorted; the server counts its changes in `version`."""

    version: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Who joined and who left with one version of a group, sorted; `timestamp` is when this device heard of it."""

    joined: tuple[str, ...]
    left: tuple[str, ...]
    timestamp: int


def learn(device: Device, group: str, version: int, members: Collection[str], now: int) -> None:
    """Takes a newer version of a group; an older one, which may come late, changes nothing. Raises Refused."""
    own = check_linked(device)
    check_group(group)
    check_size(members)
    known = device.groups.get(group, Group(0, ()))
    if version <= known.version:
        return
    joined, left = set(members) - set(known.members), set(known.members) - set(members)
    device.groups[group] = Group(version, tuple(sorted(set(members))))
    device.group_changes[group, version] = Change(tuple(sorted(joined)), tuple(sorted(left)), now)
    if left:
        retire_key(device, group)
        forget_keys(device, group, left if own.user in members else {*left, *known.members})


def members(device: Device, group: str) -> tuple[str, ...]:
    """Nobody, of a group that this device never heard of."""
    return device.groups.get(group, Group(0, ())).members


def check_member(device: Device, group: str, user: str) -> None:
    if user not in members(device, group):
        raise Refused("member", f"{user} is not known to be in {group}")


def check_group(group: str) -> None:
    with refused_as("well_formed"):
        parse_chat(group)
    if not is_group(group):
        raise Refused("well_formed", f"not a group: {group}")


def check_size(members: Collection[str]) -> None:
    if len(members) > MEMBER_LIMIT:
        raise Refused("well_formed", f"{len(members)} members, more than {MEMBER_LIMIT}")


def retire_key(device: Device, group: str) -> None:
    """The own sender key seals nothing more; the next message draws another one, which only members get."""
    device.own_sender_keys.pop(group, None)
    device.served.pop(group, None)


def forget_keys(device: Device, group: str, users: Collection[str]) -> None:
    """The sender keys of these users in a group: they will make new ones should they come back."""
    for place in [each for each in device.sender_keys if each[0] == group and each[1].user in users]:
        del device.sender_keys[place]
