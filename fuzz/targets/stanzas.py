"""What a client asks and what it is told: a binary node, and the meaning that its reader takes from it."""

from __future__ import annotations

from typing import Any

from fuzz.targets.target import Target
from impl.address import Address
from impl.dialogue import Event, Request
from impl.stanzas import linking, table
from impl.wire import nodes
from impl.wire.errors import DecodeError

CLIENT = Address("15550001001", 1)
"""Who asks, or is told."""


def read_question(data: bytes) -> Request[Any]:
    """DecodeError, also for what is no question."""
    node = nodes.decode(data)
    exchange = table.exchange_for(node)
    if exchange is None or exchange is linking.CONFIRM:
        # what it holds is passed on as it is, and has a target of its own
        raise DecodeError("no question", f"<{node.tag[:40]}>")
    request: Request[Any] = exchange.asked(node, CLIENT)
    return request


def write_question(request: Request[Any]) -> bytes:
    (node,) = table.exchange_of(request).ask(request, CLIENT)
    return nodes.encode(node)


def read_notice(data: bytes) -> Event:
    """DecodeError, also for what is no notice."""
    node = nodes.decode(data)
    notice = table.notice_for(node)
    if notice is None:
        raise DecodeError("no notice", f"<{node.tag[:40]}>")
    event: Event = notice.told(node, CLIENT)
    return event


def write_notice(event: Event) -> bytes:
    return nodes.encode(table.notice_of(event).tell(event, CLIENT))


TARGETS = (
    Target("question", read_question, write_question, "node", 4000),
    Target("notice", read_notice, write_notice, "node", 4000),
)
