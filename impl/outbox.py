"""What a device has sealed and the server has not confirmed, and what it may be asked for again.

Ciphertexts are stored in the step that makes them: after a crash the same bytes go out, and no key is used twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impl.address import Address
from impl.stanza import Stanza

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class Outgoing:
    """Ciphertexts for the server; then the devices that it said were missing. `chat` is None for peer messages."""

    chat: str | None
    stanzas: tuple[Stanza, ...]
    missing: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What was said: `content` to others, `copy` to the own devices, both without padding.

    `targets` are all for whom it was sealed, `waiting` those of them who have not confirmed it: once nobody is
    left it is forgotten. White paper, "Client fan-out".
    """

    chat: str | None
    content: bytes
    copy: bytes
    targets: tuple[Address, ...]
    waiting: tuple[Address, ...]


def new_message_id(device: Device) -> str:
    """As clients make them: 3EB0 and upper-case hex."""
    return "3EB0" + device.entropy(9).hex().upper()


def put(device: Device, message_id: str, chat: str | None, content: bytes, copy: bytes, stanzas: list[Stanza]) -> None:
    """Into the outbox; more ciphertexts of a message that is there already join those for whom it was sealed."""
    before = device.sent.get(message_id, Sent(chat, content, copy, (), ()))
    recipients = tuple(stanza.recipient for stanza in stanzas)
    device.sent[message_id] = replace(
        before, targets=(*before.targets, *recipients), waiting=(*before.waiting, *recipients)
    )
    device.outbox[message_id] = Outgoing(chat, tuple(stanzas))


def submitted(device: Device, message_id: str, missing: tuple[Address, ...]) -> None:
    """The server has the ciphertexts, and named devices that the message lacks."""
    outgoing = device.outbox[message_id]
    lacking = tuple(address for address in missing if address not in device.sent[message_id].targets)
    if lacking:
        device.outbox[message_id] = replace(outgoing, stanzas=(), missing=lacking)
    else:
        del device.outbox[message_id]
        _forget_if_done(device, message_id)


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
