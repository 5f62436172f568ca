"""What a device has sealed and the server has not confirmed, and what it may be asked for again.

White paper, "Client fan-out"; wire.md, section 8.7. Ciphertexts are stored in the step that makes them: after a crash
the same bytes go out, and no key is used twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impl.address import Address
from impl.stanza import Stanza

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class Outgoing:
    """Ciphertexts for the server; then the devices that it said were missing. `chat` is None for peer messages.

    In a group `body` is the ciphertext for all, and the stanzas hand out the sender key; or it is empty, and what is to
    be viewed once is in the stanzas. `only` limits a message that is sent again to these devices.
    """

    chat: str | None
    stanzas: tuple[Stanza, ...]
    missing: tuple[Address, ...] = ()
    body: bytes | None = None
    only: tuple[Address, ...] | None = None


@dataclass(frozen=True)
class Resent:
    """A device got a message anew at its `count`th request; `base_key` tells in which session."""

    address: Address
    count: int
    base_key: bytes


@dataclass(frozen=True)
class Sent:
    """What was said: `content` to others, `copy` to the own devices, both without padding.

    `targets` are all for whom it was sealed, `waiting` those of them who have not confirmed it: once nobody is
    left it is forgotten. `resent` names those who asked for it again. White paper, "Client fan-out".
    """

    chat: str | None
    content: bytes
    copy: bytes
    targets: tuple[Address, ...]
    waiting: tuple[Address, ...]
    view_once: bool = False
    resent: tuple[Resent, ...] = ()


def new_message_id(device: Device) -> str:
    """As clients make them: 3EB0 and upper-case hex."""
    return "3EB0" + device.entropy(9).hex().upper()


def put(
    device: Device,
    message_id: str,
    chat: str | None,
    content: bytes,
    copy: bytes,
    stanzas: list[Stanza],
    view_once: bool = False,
) -> None:
    """Into the outbox; more ciphertexts of a message that is there already join those for whom it was sealed."""
    sent = Sent(chat, content, copy, (), (), view_once)
    _sealed_for(device, message_id, sent, tuple(stanza.recipient for stanza in stanzas))
    device.outbox[message_id] = Outgoing(chat, tuple(stanzas))


def put_to_group(
    device: Device,
    message_id: str,
    content: bytes,
    recipients: Iterable[Address],
    outgoing: Outgoing,
    view_once: bool = False,
) -> None:
    """As `put`, for one ciphertext that all recipients open, or for what is pairwise in a group."""
    _sealed_for(device, message_id, Sent(outgoing.chat, content, content, (), (), view_once), tuple(recipients))
    device.outbox[message_id] = outgoing


def _sealed_for(device: Device, message_id: str, new: Sent, recipients: tuple[Address, ...]) -> None:
    sent = device.sent.get(message_id, new)
    more = tuple(each for each in recipients if each not in sent.targets)
    waiting = tuple(each for each in recipients if each not in sent.waiting)
    device.sent[message_id] = replace(sent, targets=(*sent.targets, *more), waiting=(*sent.waiting, *waiting))


def submitted(device: Device, message_id: str, missing: tuple[Address, ...]) -> None:
    """The server has the ciphertexts, and named devices that the message lacks."""
    outgoing = device.outbox[message_id]
    lacking = tuple(address for address in missing if address not in device.sent[message_id].targets)
    if lacking:
        device.outbox[message_id] = Outgoing(outgoing.chat, (), lacking)
    else:
        del device.outbox[message_id]
        _forget_if_done(device, message_id)


def withdraw(device: Device, message_id: str) -> None:
    """The server does not take it: nobody has it, and nobody will."""
    del device.outbox[message_id]
    del device.sent[message_id]


def delivered(device: Device, message_id: str, to: Address) -> None:
    """A device has it, so it needs no second ciphertext."""
    sent = device.sent.get(message_id)
    if sent is None:
        return
    device.sent[message_id] = replace(sent, waiting=tuple(each for each in sent.waiting if each != to))
    _forget_if_done(device, message_id)


def _forget_if_done(device: Device, message_id: str) -> None:
    if message_id not in device.outbox and not device.sent[message_id].waiting:
        del device.sent[message_id]
