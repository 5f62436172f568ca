"""Nodes that Baileys has written; it takes every text with an `@` for a name."""

from typing import Any

import pytest

from impl.wire import nodes, payload
from impl.wire.nodes import Jid, Node, Value
from tests import vectors

WRITTEN = vectors.load("foreign")["binary_nodes"]
EACH = pytest.mark.parametrize("vector", WRITTEN, ids=[vector["node"]["tag"] for vector in WRITTEN])


def value(text: str) -> Value:
    return Jid.parse(text) if "@" in text else text


def node(written: dict[str, Any]) -> Node:
    content = written.get("content")
    if isinstance(content, dict):
        content = bytes.fromhex(content["hex"])
    elif isinstance(content, list):
        content = tuple(map(node, content))
    return Node(written["tag"], {key: value(text) for key, text in written["attrs"].items()}, content)


@EACH
def test_foreign_nodes_encode_byte_for_byte(vector: dict[str, Any]) -> None:
    assert payload.encode(nodes.encode(node(vector["node"]))).hex() == vector["encoded"]


@EACH
def test_foreign_nodes_decode(vector: dict[str, Any]) -> None:
    expected = node(vector["node"])
    if isinstance(expected.content, str):  # "hello": on the wire, a text and bytes are the same
        expected = Node(expected.tag, expected.attrs, expected.content.encode())
    assert nodes.decode(payload.decode(bytes.fromhex(vector["encoded"]))) == expected
