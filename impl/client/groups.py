"""Groups as their members use them: made, joined, left, spoken in. White paper, "Group messages"."""

from __future__ import annotations

from collections.abc import Iterable

from impl.client.membership import learn, refresh
from impl.client.outbox import deliver
from impl.device import Device
from impl.dialogue import ChangeMembers, CreateGroup, Flow, ask
from impl.fanout import check_linked
from impl.refusal import Refused
from impl.wire.content import ChatBody

KEY_SIZE = 8


def create(device: Device, members: Iterable[str], now: int, key: str | None = None, subject: str = "") -> Flow[str]:
    """A new group of the own user and `members`; answers with its name. Raises Declined.

    Whoever brings a key may ask again after a crash, and gets the same group.
    """
    roster = yield from ask(CreateGroup(key or device.entropy(KEY_SIZE).hex(), tuple(members), subject))
    yield from learn(device, roster, now)
    return roster.group


def add(device: Device, group: str, users: Iterable[str], now: int) -> Flow[None]:
    """Raises Declined unless the own user is the admin."""
    yield from learn(device, (yield from ask(ChangeMembers(group, add=tuple(users)))), now)


def remove(device: Device, group: str, users: Iterable[str], now: int) -> Flow[None]:
    """Raises Declined unless the own user is the admin."""
    yield from learn(device, (yield from ask(ChangeMembers(group, remove=tuple(users)))), now)


def leave(device: Device, group: str, now: int) -> Flow[None]:
    own = check_linked(device)
    yield from learn(device, (yield from ask(ChangeMembers(group, remove=(own.user,)))), now)


def send(device: Device, message_id: str, group: str, body: ChatBody, now: int) -> Flow[list[Refused]]:
    """Says something in a group; answers with what was refused of its members. Raises Refused, Declined."""
    refusals = []
    if group not in device.groups:
        refusals += yield from refresh(device, group, now)
    if not device.has_said(message_id, group):
        device.send_to_group(message_id, group, body, now)
    yield from deliver(device, message_id, now)
    return refusals
