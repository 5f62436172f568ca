"""The question that says nothing but "I am here": `<iq xmlns="w:p" type="get">`, with a `<ping/>` inside or without.

wire.md, section 6.6; `keepalive.go` of tulir/whatsmeow, `socket.js` of npm `baileys`.
"""

from impl.wire.nodes import Jid, Node, Server

XMLNS = "w:p"
SERVER = Jid("", Server.USER)


def ping(id: str) -> Node:
    return Node("iq", {"id": id, "type": "get", "xmlns": XMLNS, "to": SERVER})


def is_ping(node: Node) -> bool:
    return node.tag == "iq" and node.attrs.get("xmlns") == XMLNS and node.attrs.get("type") == "get"


def pong(ping: Node) -> Node:
    """The answer, with the id that was asked with, if any."""
    id = {"id": ping.attrs["id"]} if "id" in ping.attrs else {}
    return Node("iq", {"from": SERVER, "type": "result", **id})
