"""Peer messages: what own devices tell each other, by what they hold once opened. wire.md, section 8.9."""

from __future__ import annotations

from typing import Literal

from impl import peer_messages
from impl.client import appstate, outbox
from impl.client.retry import ask_again
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import DeleteBlob, Download, Flow, Receipt, SendReceipts, ask
from impl.fanout import check_linked
from impl.phone import Phone
from impl.refusal import Refused
from impl.retry import curable
from impl.stanza import Stanza
from impl.wire.content import (
    FatalException,
    HistoryNotice,
    KeyRequest,
    KeyShare,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
)

ALREADY_HERE = "fresh"


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
        yield from _confirm(device, stanza, "peer_msg")
        return []
    refusals: list[Refused] = []
    match device, body:
        case Companion(), HistoryNotice():
            yield from _import_history(device, stanza, now)
            return []
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
        case Phone(), PlaceholderRequest():
            device.answer_placeholder(stanza, now)
        case Companion(), PlaceholderResponse():
            device.fill_placeholder(stanza)
        case Phone(), FatalException():
            device.note_alarm(stanza)
        case _:
            raise Refused("content", f"{type(body).__name__} is not for this device")
    yield from outbox.flush(device, now)
    yield from _confirm(device, stanza, "peer_msg")
    return refusals


def _import_history(companion: Companion, stanza: Stanza, now: int) -> Flow[None]:
    blob = yield from ask(Download(companion.history_path(stanza)))
    companion.import_history(stanza, blob, now)
    yield from delete_imported(companion)
    yield from _confirm(companion, stanza, "hist_sync")


def delete_imported(companion: Companion) -> Flow[None]:
    """The server need not keep what is imported."""
    for message_id, path in list(companion.imported.items()):
        yield from ask(DeleteBlob(path))
        companion.history_deleted(message_id)


def _confirm(device: Device, stanza: Stanza, kind: Literal["peer_msg", "hist_sync"]) -> Flow[None]:
    yield from ask(SendReceipts((Receipt(stanza.id, check_linked(device), stanza.sender, kind),)))
