"""Stanzas for people and for programs."""

from __future__ import annotations

import json

import pytest

from impl.stanzas.text import from_json, shown, to_json
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server

MESSAGE = Node(
    "message",
    {"id": "3EB0", "to": Jid("15550001002", Server.USER)},
    (Node("enc", {"v": "2"}, bytes(range(40))), Node("meta", content="text"), Node("empty", content=())),
)


def test_a_stanza_reads_as_xml() -> None:
    assert shown(MESSAGE) == (
        '<message id="3EB0" to="15550001002@s.whatsapp.net"><enc v="2">'
        f"{bytes(range(32)).hex()}… 40 bytes</enc><meta>text</meta><empty/></message>"
    )
    assert shown(Node("ref", content=b"2@abc")) == "<ref>2@abc</ref>"
    assert shown(Node("key", content=b"\x00\x01")) == "<key>0001</key>"


def test_json_loses_nothing() -> None:
    assert from_json(json.loads(json.dumps(to_json(MESSAGE)))) == MESSAGE


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        [],
        {},
        {"tag": ""},
        {"tag": 1},
        {"tag": "a", "attrs": {"": "x"}},
        {"tag": "a", "attrs": []},
        {"tag": "a", "attrs": {"x": {"jid": "nobody@nowhere"}}},
        {"tag": "a", "content": {"bytes": "?"}},
        {"tag": "a", "content": 7},
        {"tag": "a", "content": [{}]},
    ],
)
def test_anything_else_is_no_stanza(garbage: object) -> None:
    with pytest.raises(DecodeError):
        from_json(garbage)
