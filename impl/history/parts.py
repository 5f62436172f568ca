"""What goes into which part of the history: the newest of each chat, names, then all messages, newest to oldest.

wire.md, section 10.4. A part is bounded, so that neither side ever holds more than one part of the conversation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import names
from impl.durations import DAY
from impl.messages import MessageKey, StoredMessage
from impl.wire.content import HistoryType

if TYPE_CHECKING:
    from impl.phone import Phone

NEWEST = 50
"""So many messages of each chat come first, PART in all."""

PART = 1000
"""Messages in a part."""

SIZE = 4 << 20
"""About how many bytes a part may have before it is compressed; one message may exceed it."""

OVERHEAD = 256
"""About how many bytes a message has beside its text."""

RECENT = 90 * DAY
"""How many seconds before linking a message counts as recent."""


@dataclass(frozen=True)
class Place:
    """Where a part begins: behind the message `start`, on the way from the newest, after `told` messages in all.

    `last` says that no part follows one of names.
    """

    type: HistoryType = HistoryType.INITIAL_BOOTSTRAP
    chunk: int = 0
    start: MessageKey | None = None
    told: int = 0
    last: bool = False


@dataclass(frozen=True)
class Part:
    """What a part holds, newest first, and where the next one begins, None after the last.

    `names` are users and what they want to be called.
    """

    type: HistoryType
    chunk: int
    progress: int
    messages: tuple[StoredMessage, ...]
    next: Place | None
    names: tuple[tuple[str, str], ...] = ()


def part_at(phone: Phone, place: Place, since: int) -> Part:
    """The part that begins there, for a companion linked at `since`; what was told twice is merged once."""
    match place.type:
        case HistoryType.INITIAL_BOOTSTRAP:
            return _first(phone)
        case HistoryType.PUSH_NAME:
            return _names(phone, place)
        case _:
            return _following(phone, place, since)


def fits(messages: list[StoredMessage], size: int) -> bool:
    """Whether there is room for one more message in a part that has these already, of so many bytes."""
    return not messages or (len(messages) < PART and size < SIZE)


def size_of(message: StoredMessage) -> int:
    """About how many bytes."""
    return OVERHEAD + len(message.text)


def _first(phone: Phone) -> Part:
    seen: Counter[str] = Counter()
    taken: list[StoredMessage] = []
    size = total = 0
    for _, message in phone.messages.before():
        total += 1
        if seen[message.chat] < NEWEST and fits(taken, size):
            seen[message.chat] += 1
            taken.append(message)
            size += size_of(message)
    left = len(taken) < total
    rest = Place(HistoryType.RECENT) if left else None
    then = Place(HistoryType.PUSH_NAME, last=not left) if phone.names else rest
    # comes even if there is nothing to tell: Baileys fetches the app state when it has
    return Part(HistoryType.INITIAL_BOOTSTRAP, 0, 0 if left else 100, tuple(taken), then)


def _names(phone: Phone, place: Place) -> Part:
    progress, then = (100, None) if place.last else (0, Place(HistoryType.RECENT))
    return Part(HistoryType.PUSH_NAME, 0, progress, (), then, names.to_tell(phone))


def _following(phone: Phone, place: Place, since: int) -> Part:
    # If the user has deleted the message where the last part ended, it all begins anew under higher numbers.
    start = place.start if place.start in phone.messages else None
    kind, chunk = place.type, place.chunk
    taken: list[StoredMessage] = []
    size, more = 0, False
    for _, message in phone.messages.before(start):
        recent = place.type is HistoryType.RECENT and message.timestamp >= since - RECENT
        of_kind = HistoryType.RECENT if recent else HistoryType.FULL
        if not taken:
            kind, chunk = of_kind, place.chunk if of_kind is place.type else 0
        if of_kind is not kind or not fits(taken, size):
            more = True
            break
        taken.append(message)
        size += size_of(message)
    if not more:
        return Part(kind, chunk, 100, tuple(taken), None)
    told = place.told + len(taken)
    progress = min(99, told * 100 // len(phone.messages))
    return Part(kind, chunk, progress, tuple(taken), Place(kind, chunk + 1, taken[-1].key, told))
