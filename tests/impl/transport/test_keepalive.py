"""Keep-alive as real clients do it, and what else looks like it."""

import pytest

from impl.transport.keepalive import is_ping, ping, pong
from impl.wire.nodes import Jid, Node, Server, decode, encode

SERVER = Jid("", Server.USER)


def test_a_ping_is_answered_with_its_id() -> None:
    asked = decode(encode(ping("1")))
    assert is_ping(asked)
    assert pong(asked) == Node("iq", {"id": "1", "type": "result", "from": SERVER})
    assert not is_ping(pong(asked))


def test_baileys_puts_a_child_inside_and_somebody_may_forget_the_id() -> None:
    asked = Node("iq", {"type": "get", "xmlns": "w:p", "to": SERVER}, (Node("ping"),))
    assert is_ping(asked)
    assert pong(asked) == Node("iq", {"type": "result", "from": SERVER})


@pytest.mark.parametrize(
    "node",
    [
        Node("message", {"id": "1", "type": "get", "xmlns": "w:p"}),
        Node("iq", {"id": "1", "type": "get", "xmlns": "w:m"}),
        Node("iq", {"id": "1", "type": "set", "xmlns": "w:p"}),
        Node("iq"),
    ],
)
def test_other_questions_are_none(node: Node) -> None:
    assert not is_ping(node)
