"""Nodes with something wrong: whatever a decoder may be given, it gives a value or DecodeError."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from impl.dialogue import Declined
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, Value

JUNK: tuple[Value, ...] = (
    "",
    "0",
    "-1",
    "1" * 40,
    "é",
    "nobody@nowhere",
    Jid("", Server.GROUP),
    Jid("9", Server.LID, 3),
)


def damaged(node: Node, random: Random) -> Node:
    """One element somewhere in the tree is changed, lost or doubled."""
    children = list(node.content) if isinstance(node.content, tuple) else []
    if children and random.random() < 0.7:
        at = random.randrange(len(children))
        children[at : at + 1] = random.choice(
            ([damaged(children[at], random)], [damaged(children[at], random)], [], [children[at]] * 2)
        )
        return replace(node, content=tuple(children))
    return random.choice((_other_attribute, _lost_attribute, _other_content))(node, random)


def survives(read: Callable[[Node], object], node: Node, random: Random, rounds: int = 200) -> int:
    """How many damaged forms of the node were refused; the others mean something, and nothing else is raised."""
    refused = 0
    for _ in range(rounds):
        wrong = damaged(node, random)
        if random.random() < 0.3:
            wrong = damaged(wrong, random)
        try:
            read(wrong)
        except (DecodeError, Declined):
            refused += 1
    return refused


def _other_attribute(node: Node, random: Random) -> Node:
    key = random.choice(sorted(node.attrs) or ["jid"])
    return replace(node, attrs={**node.attrs, key: random.choice(JUNK)})


def _lost_attribute(node: Node, random: Random) -> Node:
    lost = random.choice(sorted(node.attrs) or [""])
    return replace(node, attrs={key: value for key, value in node.attrs.items() if key != lost})


def _other_content(node: Node, random: Random) -> Node:
    data = node.content if isinstance(node.content, bytes) else b"\xff"
    return replace(node, content=random.choice((None, (), "text", Jid("1", Server.USER), b"", data[:-1], data + b"\0")))
