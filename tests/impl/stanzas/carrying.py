"""Both ends of a dialogue with binary nodes in between, for tests of this folder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from impl.address import Address
from impl.dialogue import Client, Declined, Event, Request
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.wire.nodes import Content, Node, Value, decode, encode

A = TypeVar("A")
E = TypeVar("E", bound=Event)

ALICE, WEB, DESKTOP = (Address("15550001001", device) for device in (0, 1, 2))
BOB, TABLET = (Address("15550001002", device) for device in (0, 1))
DASHED = {key: key.replace("_", "-") for key in ("key_index", "call_id", "call_creator")}
NOISE = bytes(range(32))


def carried(node: Node) -> Node:
    """As the other end reads it."""
    return decode(encode(node))


def asked(exchange: Exchange[Any, Any], request: Request[Any], own: Client = WEB) -> list[Request[Any]]:
    """What the server is asked."""
    nodes = [carried(node) for node in exchange.ask(request, own)]
    assert all(exchange.is_asked(node) for node in nodes)
    return [exchange.asked(node, own) for node in nodes]


def answered(exchange: Exchange[Any, A], request: Request[Any], value: A, own: Client = WEB) -> A:
    """What the client is told."""
    (question,) = map(carried, exchange.ask(request, own))
    return exchange.answered(request, carried(exchange.answer(question, exchange.asked(question, own), value)))


def refusal(exchange: Exchange[Any, Any], request: Request[Any], own: Client = WEB) -> Declined:
    """What the client is told of a refusal."""
    (question,) = map(carried, exchange.ask(request, own))
    try:
        exchange.answered(request, carried(exchange.decline(question, Declined(404, "item-not-found"))))
    except Declined as declined:
        return declined
    raise AssertionError("taken for an answer")


def told(notice: Notice[E], event: E, to: Client = WEB) -> E:
    """What the client hears."""
    node = carried(notice.tell(event, to))
    assert notice.is_told(node)
    return notice.told(node, to)


def element(tag: str, *content: Node, **attrs: Value) -> Node:
    """`from_` is written from, `call_id` call-id."""
    return Node(tag, {DASHED.get(key, key.rstrip("_")): value for key, value in attrs.items()}, content)


def without(node: Node, *path: str) -> Node:
    """All but the element at the end of the path, or the attribute `@key` there."""
    first, *rest = path
    if first.startswith("@"):
        return replace(node, attrs={key: value for key, value in node.attrs.items() if key != first[1:]})
    return replace(node, content=tuple(_kept(node.content, first, rest)))


def changed(node: Node, content: Content, *path: str) -> Node:
    """With other content at the end of the path."""
    if not path:
        return replace(node, content=content)
    return replace(
        node,
        content=tuple(changed(each, content, *path[1:]) if each.tag == path[0] else each for each in _of(node.content)),
    )


def _kept(content: Content, tag: str, rest: list[str]) -> list[Node]:
    found = [each for each in _of(content) if each.tag == tag]
    assert found, f"no <{tag}> to leave out"
    return [without(each, *rest) if each.tag == tag else each for each in _of(content) if rest or each.tag != tag]


def _of(content: Content) -> tuple[Node, ...]:
    assert isinstance(content, tuple)
    return content
