"""Peer messages: what own devices tell each other, by what they hold once opened. wire.md, section 8.9."""

from __future__ import annotations

from impl.companion import Companion
from impl.device import Device
from impl.dialogue import DeleteBlob, Download, Flow, Receipt, SendReceipts, ask
from impl.stanza import Stanza


def receive(device: Device, stanza: Stanza, now: int) -> Flow[None]:
    """Raises Refused."""
    if isinstance(device, Companion):
        path = device.history_path(stanza)
        blob = yield from ask(Download(path))
        device.import_history(stanza, blob, now)
        yield from ask(DeleteBlob(path))
        assert device.address is not None
        yield from ask(SendReceipts((Receipt(stanza.id, device.address, stanza.sender, "hist_sync"),)))
