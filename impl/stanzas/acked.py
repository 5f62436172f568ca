"""Exchanges that are answered with an `<ack>`: messages, receipts, calls. wire.md, section 8.6.

`<ack class id from [participant] [type] [phash] [error] t/>`: the session adds `id` and `t`.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from impl.dialogue import Accepted, Declined, Done, Request
from impl.stanzas.exchange import SERVER_JID, Exchange
from impl.stanzas.reading import children, number, optional
from impl.wire.nodes import Node, Value

R = TypeVar("R", bound=Request[Done])
M = TypeVar("M", bound=Request[Accepted])


def ack(node: Node, more: dict[str, Value] | None = None) -> Node:
    """What the server says once it has a stanza; it comes from where that went."""
    attrs: dict[str, Value] = {"class": node.tag, "from": node.attrs.get("to", SERVER_JID)}
    if node.tag == "receipt":
        attrs |= {key: node.attrs[key] for key in ("participant", "type") if key in node.attrs}
    first = next(iter(children(node)), None)
    if node.tag == "call" and first is not None:
        attrs["type"] = first.tag
    return Node("ack", attrs | (more or {}))


def refused(node: Node, declined: Declined) -> Node:
    """The code alone: an ack has no place for the reason."""
    return ack(node, {"error": str(declined.code)})


def check_taken(node: Node) -> None:
    """Raises Declined, DecodeError."""
    if optional(node, "error") is not None:
        raise Declined(number(node, "error", 999), "")


class Counted(Exchange[M, Accepted]):
    """An exchange by a message: the ack has `phash` if the server counts other devices than it was made for."""

    def answer(self, node: Node, request: M, value: Accepted) -> Node:
        return ack(node, {} if value.phash is None else {"phash": value.phash})

    def decline(self, node: Node, declined: Declined) -> Node:
        return refused(node, declined)

    def answered(self, request: M, node: Node) -> Accepted:
        check_taken(node)
        return Accepted(phash=optional(node, "phash"))


class Said(Exchange[R, Done]):
    """An exchange by a stanza of this tag that is taken, or declined."""

    tag: ClassVar[str]

    def answer(self, node: Node, request: R, value: Done) -> Node:
        return ack(node)

    def decline(self, node: Node, declined: Declined) -> Node:
        return refused(node, declined)

    def answered(self, request: R, node: Node) -> Done:
        check_taken(node)
        return Done()
