"""What arrives: opened, stored, and then confirmed to its sender. White paper, "Message delivery"."""

from __future__ import annotations

from typing import Literal

from impl.address import PHONE
from impl.client.directory import meet_all
from impl.device import Device
from impl.dialogue import Flow, Receipt, SendReceipts, ask
from impl.refusal import Refused
from impl.stanza import Stanza

STALE_LIST = {"account_signature", "author_listed"}
"""Refusals that a newer list of the sender's account may cure."""

ALREADY_HERE = "fresh"


def receive(device: Device, stanza: Stanza, now: int) -> Flow[Refused | None]:
    """Receives one message and confirms it, again if it was here before; answers with the refusal, if any."""
    refusal = _attempt(device, stanza, now)
    if refusal is not None and refusal.check in STALE_LIST:
        if stanza.sender.device == PHONE and refusal.check == "account_signature":
            device.doubt_identity(stanza.sender.user, now)
        yield from meet_all(device, (stanza.sender.user,), now)
        refusal = _attempt(device, stanza, now)
    if refusal is not None and refusal.check != ALREADY_HERE:
        return refusal
    own = device.address
    if own is not None:
        kind: Literal["sender", "delivered"] = "sender" if stanza.sender.user == own.user else "delivered"
        yield from ask(SendReceipts((Receipt(stanza.id, own, stanza.sender, kind),)))
    return None


def _attempt(device: Device, stanza: Stanza, now: int) -> Refused | None:
    try:
        device.receive(stanza, now)
    except Refused as refusal:
        return refusal
    return None
