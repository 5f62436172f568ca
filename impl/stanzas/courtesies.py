"""Answers to questions about what Pentad has nothing to do with, so that foreign clients come online.

Each says that there is nothing: no settings, nobody blocked, no picture. What is not here is not implemented. Who asks
what: npm `baileys`, `Socket/socket.js` (S), `chats.js` (C), `messages-send.js` (M); PyPI `pyaileys`, `socket.py` (Y);
PyPI `WAeys`, `socket.py` (E); tulir/whatsmeow (W). `<media_conn>` is that of wire.md, section 12.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from impl.dialogue import Declined
from impl.stanzas.connection import done
from impl.stanzas.exchange import SERVER_JID, iq_error
from impl.stanzas.reading import children, optional
from impl.wire.nodes import Node

Answer = Callable[[Node, str], Node]

MEDIA_TTL = 3600
"""Seconds after which a client asks again where files are."""

MEDIA_AUTH = "loopback"
"""What an upload shows; here nobody looks at it."""

NOT_FOUND = 404


def courtesy(node: Node, host: str) -> Node | None:
    """The answer to an iq, without `id`; None for what is unknown. `host` (name:port) is where files are."""
    if node.tag != "iq" or optional(node, "type") in ("result", "error"):
        return None
    first = next((each.tag for each in children(node)), "")
    known = TABLE.get((optional(node, "xmlns") or "", first))
    return None if known is None else known(node, host)


def _nothing(node: Node, host: str) -> Node:
    return done()


def _empty(tag: str, **attrs: str) -> Answer:
    """An element that says no more."""

    def answer(node: Node, host: str) -> Node:
        return Node("iq", {"from": SERVER_JID, "type": "result"}, (Node(tag, attrs),))

    return answer


def _no_picture(node: Node, host: str) -> Node:
    if optional(node, "type") == "set":
        return done()
    return iq_error(Declined(NOT_FOUND, "item-not-found"))


def _privacy(node: Node, host: str) -> Node:
    """Everything is for everybody; above all, read receipts are for their senders."""
    names = ("readreceipts", "profile", "status", "online", "last", "groupadd", "calladd")
    categories = tuple(Node("category", {"name": name, "value": "all"}) for name in names)
    return Node("iq", {"from": SERVER_JID, "type": "result"}, (Node("privacy", content=categories),))


def _media_conn(node: Node, host: str) -> Node:
    attrs = {"auth": MEDIA_AUTH, "ttl": str(MEDIA_TTL), "auth_ttl": str(MEDIA_TTL), "max_buckets": "12"}
    connection = Node("media_conn", attrs, (Node("host", {"hostname": host}),))
    return Node("iq", {"from": SERVER_JID, "type": "result"}, (connection,))


TABLE: Mapping[tuple[str, str], Answer] = {
    ("w:p", ""): _nothing,  # W: is anybody there?
    ("w:p", "ping"): _nothing,  # S, Y, E
    ("passive", "passive"): _nothing,  # S
    ("encrypt", "digest"): _empty("digest"),  # S, Y, E: without it they publish more prekeys
    ("abt", "props"): _empty("props"),  # C: flags of experiments
    ("w", "props"): _empty("props"),  # Y
    ("blocklist", ""): _empty("list"),  # C: who is blocked
    ("blocklist", "item"): _empty("list"),  # C: block, unblock
    ("privacy", "privacy"): _privacy,  # C
    ("privacy", "tokens"): _nothing,  # M: to whom a token was given
    ("disappearing_mode", "disappearing_mode"): _nothing,  # C: the timer of new chats
    ("w:profile:picture", "picture"): _no_picture,  # C
    ("w:profile:picture", ""): _nothing,  # C: takes the own picture away
    ("status", "status"): _nothing,  # C: the text under a name
    ("w:biz", "business_profile"): _empty("business_profile"),  # C
    ("bot", "bot"): _empty("bot", v="2"),  # C
    ("urn:xmpp:whatsapp:dirty", "clean"): _nothing,  # C, Y: has fetched what was said to be dirty
    ("urn:xmpp:whatsapp:push", "config"): _nothing,  # W: where to wake it up
    ("w:stats", "add"): _nothing,  # S, E
    ("w:m", "media_conn"): _media_conn,  # M, Y, W
}
"""By namespace and the tag of the first child, of which some have none."""
