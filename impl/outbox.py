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
    """What was said: `content` to others, `copy` to the own devices, both without padding; who lacks it still.

    White paper, "Client fan-out"; it is forgotten once everybody has confirmed the delivery.
    """

    chat: str | None
    content: bytes
    copy: bytes
    waiting: tuple[Address, ...]


def put(device: Device, message_id: str, sent: Sent, stanzas: list[Stanza]) -> None:
    device.sent[message_id] = sent
    device.outbox[message_id] = Outgoing(sent.chat, tuple(stanzas))


def submitted(device: Device, message_id: str, missing: tuple[Address, ...]) -> None:
    """The server has the ciphertexts, and named devices that the message lacks."""
    outgoing = device.outbox[message_id]
    if missing:
        device.outbox[message_id] = replace(outgoing, stanzas=(), missing=missing)
    else:
        del device.outbox[message_id]


def delivered(device: Device, message_id: str, to: Address) -> None:
    """A device has it, so it needs no second ciphertext."""
    sent = device.sent.get(message_id)
    if sent is None:
        return
    waiting = tuple(address for address in sent.waiting if address != to)
    if waiting:
        device.sent[message_id] = replace(sent, waiting=waiting)
    else:
        del device.sent[message_id]
