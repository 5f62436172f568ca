"""In-chat device consistency on a device: the hint in what it says, and what it makes of the hints it hears.

White paper, "In-chat device consistency"; wire.md, section 4.5. A hint leads to nothing but a query. That a newer list
must exist is believed of the account alone whose device says so: with it a list expires early (`list_validity`), and
nobody else shall be able to bring that about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from impl import security_code as security_codes
from impl.address import PHONE, is_group
from impl.hints import Known, ListMark, mark, newer_list_hinted, to_query
from impl.list_validity import Expected
from impl.refusal import Refused
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.content import DeviceHint
from impl.wire.security_code import CombinedFingerprints

if TYPE_CHECKING:
    from impl.device import Device

QUERY_INTERVAL = 60
"""Seconds between two queries for one account that hints bring about: they come with every message."""


def hint(device: Device, chat: str, now: int) -> DeviceHint:
    """What a message to a chat says of the own account and, unless it is a group, of the other."""
    if device.address is None:
        raise Refused("linked", "this device belongs to no account yet")
    own = mark(known(device, device.address.user), now)
    other = ListMark() if is_group(chat) else mark(known(device, chat), now)
    return DeviceHint(own.key_hash, own.timestamp, own.indexes, other.key_hash, other.timestamp, other.indexes)


def known(device: Device, user: str) -> Known:
    """What this device knows of an account: its list, and the identity keys of devices met, itself included."""
    view = device.views.get(user)
    keys = {device.peers[address].key_index: device.peers[address].identity for address in device.peers.of(user)}
    own = device.address
    if own is not None and own.user == user:
        keys[own_index(device.device_identity)] = device.identity.public
    return Known(user, view.list if view else None, keys)


@lru_cache
def own_index(device_identity: bytes | None) -> int:
    """The key index in a device's own proof; a phone needs none."""
    return PHONE if device_identity is None else SignedDeviceIdentity.decode(device_identity).identity.key_index


def note(device: Device, sender: str, recipient: str, said: DeviceHint | None, now: int) -> None:
    """A device of the user `sender` gave a hint, in a message to `recipient`: a user or a group."""
    if said is None:
        return
    own_word = ListMark(said.sender_hash, said.sender_time, said.sender_indexes)
    marks = [(own_word, known(device, sender))]
    if not is_group(recipient):
        other = ListMark(said.recipient_hash, said.recipient_time, said.recipient_indexes)
        marks.append((other, known(device, recipient)))
    if own_word.timestamp is not None and newer_list_hinted(*marks[0], now):
        expect(device, sender, own_word.timestamp, now)
    doubt_lists(device, to_query(marks, now), now)


def expect(device: Device, user: str, timestamp: int, now: int) -> None:
    """There is a newer list than the known one: the newest of all that were spoken of, since the first was."""
    former, view = device.expected.get(user), device.views.get(user)
    if former is None or (view is not None and former.timestamp <= view.list.timestamp):
        device.expected[user] = Expected(timestamp, now)
    elif former.timestamp < timestamp:
        device.expected[user] = replace(former, timestamp=timestamp)


def doubt_lists(device: Device, users: Iterable[str], now: int) -> None:
    """The lists of these accounts are to be queried."""
    for user in users:
        device.doubted_lists.setdefault(user, now)


def due(device: Device, now: int) -> tuple[str, ...]:
    """Whose lists to query now."""
    return tuple(
        user for user in device.doubted_lists if now - device.queried.get(user, -QUERY_INTERVAL) >= QUERY_INTERVAL
    )


def queried(device: Device, users: Iterable[str], now: int) -> None:
    """The lists of these accounts were queried, whatever the answer."""
    for user in users:
        device.queried[user] = now
        device.doubted_lists.pop(user, None)


def listed_identities(device: Device, user: str) -> list[bytes]:
    """The identity keys of all listed devices of an account. Raises Refused if one is not known."""
    all_known = known(device, user)
    listed = {PHONE, *(all_known.list.valid_indexes if all_known.list else ())}
    if not listed <= all_known.keys.keys():
        raise Refused("met", f"not every device of {user} is known")
    return [all_known.keys[index] for index in listed]


def security_code(device: Device, own: str, user: str) -> CombinedFingerprints:
    """The code of the account `own` and `user`, for people to compare; its QR is `encode()`. Raises Refused."""
    return security_codes.security_code(own, listed_identities(device, own), user, listed_identities(device, user))
