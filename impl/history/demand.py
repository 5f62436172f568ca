"""Older messages of one chat, which a companion asks its phone for. wire.md, section 10.4."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from impl import peer_messages
from impl.address import PHONE, Address
from impl.durations import DAY
from impl.fanout import check_linked
from impl.history import sharing
from impl.history.contents import conversations
from impl.history.parts import PART, fits, size_of
from impl.messages import MessageKey, StoredMessage
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire.content import HistoryNotice, HistoryRequest, HistoryType
from impl.wire.history import History

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone

OPEN = 16
"""So many requests may wait for an answer."""


@dataclass(frozen=True)
class Requested:
    """At most `count` messages of `chat`, asked for at a time in seconds."""

    chat: str
    count: int
    asked: int


def request(companion: Companion, before: MessageKey, count: int, now: int) -> str:
    """Asks for up to `count` messages of a chat before one that the companion has: into the outbox.

    Answers with the request's message id; one that nobody answers is forgotten after a day. Raises Refused.
    """
    message = companion.messages.get(before)
    if message is None:
        raise Refused("known", f"no message {before.id} in {before.chat}")
    own = check_linked(companion)
    for message_id, open_ in list(companion.history_requests.items()):
        if now - open_.asked >= DAY:
            del companion.history_requests[message_id]
    if len(companion.history_requests) >= OPEN:
        raise Refused("requested", f"{OPEN} requests wait for an answer")
    count = max(1, min(count, PART))
    body = HistoryRequest(before.chat, before.id, before.author.user == own.user, count, message.timestamp * 1000)
    message_id = peer_messages.put(companion, Address(own.user, PHONE), body, now)
    companion.history_requests[message_id] = Requested(before.chat, count, now)
    return message_id


def answer(phone: Phone, stanza: Stanza, now: int) -> None:
    """An own companion gets what it asks for, as far as there is something: into the outbox. Raises Refused."""
    wanted = peer_messages.take(phone, stanza, HistoryRequest)
    peer_messages.check_own_device(phone, stanza.sender)
    messages = _older(phone, wanted)
    told = conversations(phone, messages, now)
    oldest = min((message.timestamp for message in messages), default=None)
    sharing.put(phone, stanza.sender, History(told, HistoryType.ON_DEMAND), oldest, stanza.id, now)


def check_requested(companion: Companion, notice: HistoryNotice, history: History) -> None:
    """What comes on demand answers an open request, with messages of that chat and no more than were wanted."""
    requested = companion.history_requests.get(notice.request_id or "")
    if requested is None:
        raise Refused("requested", "nobody asked for this history")
    if any(each.chat != requested.chat for each in history.conversations):
        raise Refused("requested", "another chat was asked for")
    if sum(len(each.messages) for each in history.conversations) > requested.count:
        raise Refused("requested", f"more than {requested.count} messages")


def close(companion: Companion, notice: HistoryNotice) -> None:
    companion.history_requests.pop(notice.request_id or "", None)


def _older(phone: Phone, wanted: HistoryRequest) -> list[StoredMessage]:
    """Newest first; behind the message that is named or, if the phone has it no longer, by the time of that."""
    named = (key for key, _ in phone.messages.before() if _names(phone, wanted, key))
    anchor = next(named, None)
    rows = (
        message
        for _, message in phone.messages.before(anchor)
        if message.chat == wanted.chat and (anchor or message.timestamp * 1000 <= wanted.oldest_timestamp_ms)
    )
    taken: list[StoredMessage] = []
    size = 0
    for message in islice(rows, min(wanted.count, PART)):
        if not fits(taken, size):
            break
        taken.append(message)
        size += size_of(message)
    return taken


def _names(phone: Phone, wanted: HistoryRequest, key: MessageKey) -> bool:
    from_me = key.author.user == phone.address.user
    return (key.id, key.chat, from_me) == (wanted.oldest_id, wanted.chat, wanted.oldest_from_me)
