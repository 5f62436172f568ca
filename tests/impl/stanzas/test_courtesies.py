"""Questions of foreign clients, as they put them, and what keeps them going."""

from __future__ import annotations

from typing import Any

import pytest

from impl.stanzas import connection
from impl.stanzas.courtesies import TABLE, courtesy
from impl.stanzas.text import shown
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import carried, element

HOST = "127.0.0.1:8080"


def iq(xmlns: str, *content: Node, **attrs: Any) -> Node:
    return carried(element("iq", *content, xmlns=xmlns, **attrs))


def answer(node: Node) -> str:
    found = courtesy(node, HOST)
    assert found is not None
    return shown(carried(found))


NOTHING = '<iq from="s.whatsapp.net" type="result"/>'


@pytest.mark.parametrize(
    ("node", "content"),
    [
        (iq("abt", element("props", protocol="1"), type="get"), "<props/>"),
        (iq("w", element("props", protocol="2", hash=""), type="get"), "<props/>"),
        (iq("encrypt", element("digest"), type="get"), "<digest/>"),
        (iq("blocklist", type="get"), "<list/>"),
        (iq("blocklist", element("item", action="block"), type="set"), "<list/>"),
        (iq("w:biz", element("business_profile", v="244"), type="get"), "<business_profile/>"),
        (iq("bot", element("bot", v="2"), type="get"), '<bot v="2"/>'),
    ],
)
def test_there_is_nothing_of_that_kind(node: Node, content: str) -> None:
    assert answer(node) == f'<iq from="s.whatsapp.net" type="result">{content}</iq>'


@pytest.mark.parametrize(
    "node",
    [
        connection.ping(),
        iq("w:p", type="get"),
        iq("passive", element("passive"), type="set"),
        iq("privacy", element("tokens", element("token")), type="set"),
        iq("urn:xmpp:whatsapp:dirty", element("clean", type="groups"), type="set"),
        iq("w:stats", Node("add", {"t": "1"}, b"events")),
        iq("status", Node("status", content=b"busy"), type="set"),
        iq("w:profile:picture", type="set"),
        iq("w:profile:picture", Node("picture", {"type": "image"}, b"jpeg"), type="set"),
        iq("disappearing_mode", element("disappearing_mode", duration="0"), type="set"),
    ],
)
def test_that_is_fine(node: Node) -> None:
    assert answer(node) == NOTHING


def test_read_receipts_are_for_their_senders() -> None:
    """Without this Baileys keeps them from others."""
    assert '<category name="readreceipts" value="all"/>' in answer(iq("privacy", element("privacy"), type="get"))


def test_there_is_no_picture() -> None:
    found = courtesy(iq("w:profile:picture", element("picture", type="preview"), type="get"), HOST)
    assert found is not None and connection.declined(found).code == 404


def test_where_files_are() -> None:
    assert answer(iq("w:m", element("media_conn"), type="set")) == (
        '<iq from="s.whatsapp.net" type="result"><media_conn auth="loopback" ttl="3600" auth_ttl="3600"'
        f' max_buckets="12"><host hostname="{HOST}"/></media_conn></iq>'
    )


@pytest.mark.parametrize(
    "node",
    [
        iq("w:mex", Node("query", {"query_id": "1"}, b"{}"), type="get"),
        iq("abt", element("other"), type="get"),
        iq("abt", type="get"),
        iq("abt", element("props"), type="result"),
        element("message", element("props"), xmlns="abt"),
        element("iq"),
    ],
)
def test_everything_else_is_not_known(node: Node) -> None:
    assert courtesy(node, HOST) is None


def test_what_belongs_to_a_dialogue_is_not_here() -> None:
    assert ("encrypt", "count") not in TABLE and ("usync", "usync") not in TABLE and ("passive", "active") not in TABLE
