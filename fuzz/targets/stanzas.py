"""Questions and notices: the node, and what is read from it. The answers to questions are read by the client alone."""

from __future__ import annotations

from typing import Any

from fuzz.targets.target import Target
from impl.address import Address
from impl.dialogue import Event, Request
from impl.stanzas import calls, group_messages, groups, media_retries, messages, receipts, retries
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.wire import nodes
from impl.wire.errors import DecodeError

CLIENT = Address("15550001", 7)
"""Who asks, or is told."""

_FILES = (messages, group_messages, groups, receipts, retries, media_retries, calls)
_EXCHANGES: tuple[Exchange[Any, Any], ...] = tuple(each for file in _FILES for each in file.EXCHANGES)
_NOTICES: tuple[Notice[Any], ...] = tuple(each for file in _FILES for each in file.NOTICES)


def read_question(data: bytes) -> Request[Any]:
    """DecodeError, also for what is no question."""
    node = nodes.decode(data)
    exchange = next((each for each in _EXCHANGES if each.is_asked(node)), None)
    if exchange is None:
        raise DecodeError("no question", f"<{node.tag[:40]}>")
    request: Request[Any] = exchange.asked(node, CLIENT)
    return request


def write_question(request: Request[Any]) -> bytes:
    (exchange,) = (each for each in _EXCHANGES if each.request is type(request))
    (node,) = exchange.ask(request, CLIENT)
    return nodes.encode(node)


def read_notice(data: bytes) -> Event:
    """DecodeError, also for what is no notice."""
    node = nodes.decode(data)
    notice = next((each for each in _NOTICES if each.is_told(node)), None)
    if notice is None:
        raise DecodeError("no notice", f"<{node.tag[:40]}>")
    event: Event = notice.told(node, CLIENT)
    return event


def write_notice(event: Event) -> bytes:
    (notice,) = (each for each in _NOTICES if each.event is type(event))
    return nodes.encode(notice.tell(event, CLIENT))


TARGETS = (
    Target("question", read_question, write_question, "stanza", 4000),
    Target("notice", read_notice, write_notice, "stanza", 4000),
)
