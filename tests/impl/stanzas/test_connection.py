"""How connections begin and end, in stanzas."""

from __future__ import annotations

import pytest

from impl.stanzas import connection
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server
from tests.impl.stanzas.carrying import WEB, carried, element


def test_a_client_is_let_in() -> None:
    node = carried(connection.success(WEB, 1626220800))
    assert connection.is_success(node)
    assert (node.attrs["t"], node.attrs["lid"]) == ("1626220800", Jid("915550001001", Server.LID, 1))


@pytest.mark.parametrize(
    ("node", "xml", "end"),
    [
        (connection.failure(403), '<failure reason="403" location="lo"/>', (403, "not let in")),
        (connection.stream_error(connection.RESTART), '<stream:error code="515"/>', (515, "the stream ends")),
        (
            connection.stream_error(connection.LOGGED_OUT),
            '<stream:error code="401"><conflict type="device_removed"/></stream:error>',
            (401, "device_removed"),
        ),
        (
            connection.stream_error(connection.BAD_FORMAT),
            '<stream:error code="500"><xml-not-well-formed/></stream:error>',
            (500, "xml-not-well-formed"),
        ),
        (
            connection.replaced(),
            '<stream:error><conflict type="replaced"/></stream:error>',
            (connection.REPLACED, "replaced"),
        ),
        (element("xmlstreamend"), "<xmlstreamend/>", (500, "the stream ends")),
    ],
)
def test_how_it_ends(node: Node, xml: str, end: tuple[int, str]) -> None:
    assert shown(node) == xml
    assert connection.is_failure(node) is (node.tag == "failure")
    assert connection.is_stream_error(node) is (node.tag != "failure")
    assert connection.read_end(carried(node)) == end


@pytest.mark.parametrize("code", ["", "x", "-1", "1000"])
def test_codes_are_numbers(code: str) -> None:
    for node in (element("failure", reason=code), element("stream:error", code=code)):
        with pytest.raises(DecodeError):
            connection.read_end(node)
    with pytest.raises(DecodeError):
        connection.declined(element("iq", element("error", code=code), type="error"))


def test_what_is_no_refusal() -> None:
    for node in (element("iq", element("error", code="1"), type="result"), element("iq", type="error")):
        with pytest.raises(DecodeError):
            connection.declined(node)


def test_a_client_wants_its_mailbox() -> None:
    assert shown(connection.active()) == '<iq to="s.whatsapp.net" type="set" xmlns="passive"><active/></iq>'
    assert connection.is_active(carried(connection.active()))
    assert not connection.is_active(element("iq", element("passive"), xmlns="passive", type="set"))
    assert shown(connection.offline(3)) == '<ib from="s.whatsapp.net"><offline count="3"/></ib>'


def test_what_cannot_be_taken_is_named() -> None:
    message = element("message", to=Jid("15550001002", Server.USER), type="text", id="3EB0")
    assert shown(connection.nack(message, 479)) == (
        '<ack class="message" error="479" from="15550001002@s.whatsapp.net" type="text"/>'
    )
