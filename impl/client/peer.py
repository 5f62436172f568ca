"""Peer messages: what own devices tell each other, by what they hold once opened. wire.md, section 8.9."""

from __future__ import annotations

from impl import peer_messages
from impl.client import appstate, history, outbox
from impl.client.inbox import ALREADY_HERE
from impl.client.retry import ask_again
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import Flow, Receipt, SendReceipts, ask
from impl.fanout import check_linked
from impl.phone import Phone
from impl.refusal import Refused
from impl.retry import curable
from impl.stanza import Stanza
from impl.wire.content import (
    ChunkRetry,
    FatalException,
    HistoryNotice,
    HistoryRequest,
    KeyRequest,
    KeyShare,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
)


def receive(device: Device, stanza: Stanza, now: int) -> Flow[list[Refused]]:
    """Takes and confirms one; answers with what was refused of that to which it led. Raises Refused."""
    try:
        body = peer_messages.look(device, stanza)
    except Refused as refusal:
        if curable(device, stanza, refusal):
            yield from ask_again(device, stanza, refusal, now)
            raise
        if refusal.check != ALREADY_HERE:
            raise
        yield from _confirm(device, stanza)
        return []
    refusals: list[Refused] = []
    match device, body:
        case Companion(), HistoryNotice():
            return (yield from history.receive(device, stanza, now))
        case Companion(), KeyShare():
            device.learn_keys(stanza)
            refusals += yield from appstate.sync(device, appstate.ALL, now)
        case Companion(), RecoveryResponse():
            unhelpful = device.restore_collection(stanza, now)
            refusals += [unhelpful] if unhelpful else (yield from appstate.sync(device, appstate.ALL, now))
        case Phone(), KeyRequest():
            device.answer_key_request(stanza, now)
        case Phone(), RecoveryRequest():
            device.hand_over_collection(stanza, now)
        case Phone(), HistoryRequest():
            device.answer_history_request(stanza, now)
        case Phone(), ChunkRetry():
            device.share_history_again(stanza, now)
        case Phone(), PlaceholderRequest():
            device.answer_placeholder(stanza, now)
        case Companion(), PlaceholderResponse():
            device.fill_placeholder(stanza, now)
        case Phone(), FatalException():
            device.note_alarm(stanza)
        case _:
            raise Refused("content", f"{type(body).__name__} is not for this device")
    yield from outbox.flush(device, now)
    yield from _confirm(device, stanza)
    return refusals


def _confirm(device: Device, stanza: Stanza) -> Flow[None]:
    yield from ask(SendReceipts((Receipt(stanza.id, check_linked(device), stanza.sender, "peer_msg"),)))
