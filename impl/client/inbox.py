"""What arrives: opened, stored, and then confirmed to its sender. White paper, "Message delivery"."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from impl.address import PHONE, Address
from impl.client.directory import meet_all
from impl.client.membership import refresh
from impl.client.retry import ask_again
from impl.device import Device
from impl.dialogue import Declined, Flow, Receipt, SendReceipts, ask
from impl.refusal import Refused
from impl.retry import curable
from impl.stanza import GroupStanza, Stanza

STALE_LIST = {"account_signature", "author_listed"}
"""Refusals that a newer list of the sender's account may cure."""

STALE_MEMBERS = "member"
"""The refusal that a newer version of the group may cure."""

ALREADY_HERE = "fresh"


def receive(device: Device, stanza: Stanza, now: int, chat: str | None = None) -> Flow[Refused | None]:
    """Receives one message and confirms it, again if it was here before; answers with the refusal, if any.

    `chat` is what the server says of a message of another own device; it only comes back in what is said of it.
    """
    refusal = _attempt(lambda: device.receive(stanza, now))
    if refusal is not None and refusal.check in STALE_LIST:
        if stanza.sender.device == PHONE and refusal.check == "account_signature":
            device.doubt_identity(stanza.sender.user, now)
        yield from meet_all(device, (stanza.sender.user,), now)
        refusal = _attempt(lambda: device.receive(stanza, now))
    return (yield from _conclude(device, stanza, refusal, now, chat))


def receive_from_group(device: Device, stanza: GroupStanza, now: int) -> Flow[Refused | None]:
    """As `receive`; the sender's key, if it comes along, is a step of its own, which a crash may part from the rest."""
    refusal = _attempt_group(device, stanza, now)
    if refusal is not None and refusal.check in STALE_LIST:
        yield from meet_all(device, (stanza.sender.user,), now)
        refusal = _attempt_group(device, stanza, now)
    if refusal is not None and refusal.check == STALE_MEMBERS:
        with suppress(Declined):
            yield from refresh(device, stanza.group, now)
            refusal = _attempt_group(device, stanza, now)
    return (yield from _conclude(device, stanza, refusal, now, stanza.group))


def _attempt_group(device: Device, stanza: GroupStanza, now: int) -> Refused | None:
    if stanza.distribution is not None and stanza.body:
        refusal = _attempt(lambda: device.receive_sender_key(stanza))
        if refusal is not None and refusal.check != ALREADY_HERE:
            return refusal
    return _attempt(lambda: device.receive_from_group(stanza, now))


def _attempt(step: Callable[[], object]) -> Refused | None:
    try:
        step()
    except Refused as refusal:
        return refusal
    return None


def _conclude(
    device: Device, stanza: Stanza | GroupStanza, refusal: Refused | None, now: int, chat: str | None
) -> Flow[Refused | None]:
    """Confirms what is here, asks once more for what could not be opened."""
    if refusal is not None and curable(device, stanza, refusal):
        yield from ask_again(device, stanza, refusal, now, chat)
        return refusal
    if refusal is not None and refusal.check != ALREADY_HERE:
        return refusal
    yield from confirm(device, stanza.id, stanza.sender, chat)
    return None


def confirm(device: Device, message_id: str, sender: Address, chat: str | None = None) -> Flow[None]:
    """Tells the device that sent it that a message is here."""
    own = device.address
    if own is not None:
        kind: Literal["sender", "delivered"] = "sender" if sender.user == own.user else "delivered"
        yield from ask(SendReceipts((Receipt(message_id, own, sender, kind, chat),)))
