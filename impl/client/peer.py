"""Peer messages: what own devices tell each other, by what they hold once opened. wire.md, section 8.9."""

from __future__ import annotations

from impl.companion import Companion
from impl.device import Device
from impl.dialogue import DeleteBlob, Download, Flow, Receipt, SendReceipts, ask
from impl.fanout import check_linked
from impl.stanza import Stanza


def receive(device: Device, stanza: Stanza, now: int) -> Flow[None]:
    """Takes history and confirms it, again if it was here before. Raises Refused."""
    if not isinstance(device, Companion):
        return
    if (stanza.id, stanza.sender) not in device.deliveries:
        blob = yield from ask(Download(device.history_path(stanza)))
        device.import_history(stanza, blob, now)
    if stanza.id in device.imported:
        yield from ask(DeleteBlob(device.imported[stanza.id]))
        device.history_deleted(stanza.id)
    yield from ask(SendReceipts((Receipt(stanza.id, check_linked(device), stanza.sender, "hist_sync"),)))
