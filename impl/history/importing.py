"""A companion takes the phone's history, part by part; what it got end to end counts more than the phone's word.

White paper, "Message history synchronisation"; wire.md, section 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import peer_messages
from impl.address import Address
from impl.crypto import media
from impl.crypto.media import MediaError
from impl.history import demand
from impl.history.contents import adopt
from impl.peers import Peer
from impl.receiving import commit, read
from impl.refusal import Refused, refused_as
from impl.sessions import Opened
from impl.stanza import Stanza
from impl.wire.content import ChunkRetry, HistoryFile, HistoryNotice, HistoryType
from impl.wire.errors import DecodeError
from impl.wire.history import History

if TYPE_CHECKING:
    from impl.companion import Companion

RETRIES = 3
"""How often a companion asks again for a part."""


@dataclass(frozen=True)
class Handled:
    """A part that `sender` has to hear of, and whose file the server may delete, if it had one.

    `done` unless it was asked for again.
    """

    sender: Address
    path: str | None
    done: bool


def path(companion: Companion, stanza: Stanza) -> str | None:
    """Where the blob of a part lies, None if the part is inline. Changes nothing. Raises Refused."""
    return _path_of(_read_notice(companion, stanza)[2])


def merge(companion: Companion, stanza: Stanza, blob: bytes | None, now: int) -> int:
    """Adds the messages that the companion lacks, and says how many those were. Raises Refused.

    `blob` is what lies at the path of the part, None for one that is inline.
    """
    opened, peer, notice = _read_notice(companion, stanza)
    history = read_part(notice, blob)
    if notice.type is HistoryType.ON_DEMAND:
        demand.check_requested(companion, notice, history)
    else:
        check_rising(companion, notice)
    commit(companion, stanza.sender, opened, peer)
    companion.note_delivery(stanza)
    companion.history_handled[stanza.id] = Handled(stanza.sender, _path_of(notice), done=True)
    if notice.type is HistoryType.ON_DEMAND:
        demand.close(companion, notice)
    else:
        companion.history_parts[notice.type, notice.chunk] = notice.progress
        companion.history_retries.pop((notice.type, notice.chunk), None)
    return adopt(companion, history, now)


def request_again(companion: Companion, stanza: Stanza, now: int) -> None:
    """The blob of this notification is not there, or damaged: asks the phone for it, into the outbox.

    Not if it was asked often enough, and not for what was on demand: the user may ask again. Raises Refused.
    """
    opened, peer, notice = _read_notice(companion, stanza)
    commit(companion, stanza.sender, opened, peer)
    companion.note_delivery(stanza)
    part = notice.type, notice.chunk
    tries = companion.history_retries.get(part, 0)
    again = notice.type is not HistoryType.ON_DEMAND and tries < RETRIES
    if again:
        companion.history_retries[part] = tries + 1
        peer_messages.put(companion, stanza.sender, ChunkRetry(notice.type, notice.chunk, stanza.id), now)
    demand.close(companion, notice)
    companion.history_handled[stanza.id] = Handled(stanza.sender, _path_of(notice), done=not again)


def progress(companion: Companion) -> int:
    """How many percent of the history the phone has told."""
    return max(companion.history_parts.values(), default=0)


def check_rising(companion: Companion, notice: HistoryNotice) -> None:
    """Parts of one type tell more and more of the whole, in whatever order they come."""
    for (kind, chunk), told in companion.history_parts.items():
        sooner, less = chunk < notice.chunk, told < notice.progress
        if kind == notice.type and chunk != notice.chunk and told != notice.progress and sooner != less:
            raise Refused("rising", f"part {notice.chunk} is at {notice.progress} %, part {chunk} at {told} %")


def read_part(notice: HistoryNotice, blob: bytes | None) -> History:
    with refused_as("blob_intact", (MediaError, DecodeError)):
        history = History.decode(_compressed(notice.content, blob))
    if (history.type, history.chunk, history.progress) != (notice.type, notice.chunk, notice.progress):
        raise Refused("blob_intact", "another part of the history than announced")
    return history


def _compressed(content: HistoryFile | bytes, blob: bytes | None) -> bytes:
    """Raises MediaError. What is inline is as authentic as the session that it came through."""
    if isinstance(content, bytes):
        return content
    return media.open_(
        blob or b"", content.media_key, media.HISTORY, content.sha256, content.enc_sha256, content.length
    )


def _path_of(notice: HistoryNotice) -> str | None:
    return notice.content.path if isinstance(notice.content, HistoryFile) else None


def _read_notice(companion: Companion, stanza: Stanza) -> tuple[Opened, Peer, HistoryNotice]:
    opened, peer, message = read(companion, stanza)
    received = message.body
    if not isinstance(received, HistoryNotice):
        raise Refused("content", "not a history notification")
    peer_messages.check_own_phone(companion, stanza.sender)
    return opened, peer, received
