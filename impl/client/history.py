"""History as a dialogue: parts from the phone, fetched, merged, confirmed; and what nobody may fetch any more.

White paper, "Message history synchronisation"; wire.md, section 10. The blob goes when the companion has it, or once
the companion is gone.
"""

from __future__ import annotations

from typing import Literal

from impl.client import outbox
from impl.companion import Companion
from impl.dialogue import Declined, DeleteBlob, Download, Flow, Receipt, SendReceipts, ask
from impl.fanout import check_linked
from impl.messages import MessageKey
from impl.phone import Phone
from impl.refusal import Refused, refused_as
from impl.stanza import Stanza


def receive(companion: Companion, stanza: Stanza, now: int) -> Flow[list[Refused]]:
    """Imports a part, or asks for it again; answers with why it had to. Raises Refused."""
    path, blob = companion.history_path(stanza), None
    refusals = []
    try:
        with refused_as("blob_intact", Declined):
            if path is not None:
                blob = yield from ask(Download(path))
        companion.import_history(stanza, blob, now)
    except Refused as refusal:
        if refusal.check != "blob_intact":
            raise
        refusals = [refusal]
        companion.request_history_again(stanza, now)
        yield from outbox.flush(companion, now)
    yield from settle(companion)
    return refusals


def settle(companion: Companion) -> Flow[None]:
    """Blobs that were read go, and the phone hears so; it goes on once a part is done."""
    own = check_linked(companion)
    for message_id, handled in list(companion.history_handled.items()):
        if handled.path is not None:
            yield from ask(DeleteBlob(handled.path))
        kind: Literal["hist_sync", "peer_msg"] = "hist_sync" if handled.done else "peer_msg"
        yield from ask(SendReceipts((Receipt(message_id, own, handled.sender, kind),)))
        companion.history_settled(message_id)


def request(companion: Companion, before: MessageKey, count: int, now: int) -> Flow[str]:
    """Asks the phone for older messages of a chat. Raises Refused."""
    message_id = companion.request_history(before, count, now)
    yield from outbox.deliver(companion, message_id, now)
    return message_id


def confirmed(phone: Phone, receipt: Receipt, now: int) -> Flow[None]:
    """The companion has a part: the next one goes out."""
    phone.history_confirmed(receipt.id, receipt.sender, now)
    yield from outbox.flush(phone, now)


def clean_up(phone: Phone) -> Flow[None]:
    """Blobs that were for companions which are gone."""
    for path in phone.stop_history():
        yield from ask(DeleteBlob(path))
        phone.forget_history(path)
