"""`<presence>`: whoever comes online says what its user wants to be called. `presence.go` of tulir/whatsmeow.

That somebody is online is not told to anybody here.
"""

from __future__ import annotations

from typing import Any

from impl.dialogue import Client, TellName
from impl.stanzas.acked import Said
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import text
from impl.wire.nodes import Node


class Telling(Said[TellName]):
    """`<presence type="available" name/>`. Servers say nothing to it."""

    request = TellName
    heard = True

    def ask(self, request: TellName, own: Client) -> tuple[Node, ...]:
        return (Node("presence", {"type": "available", "name": request.name}),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "presence" and "name" in node.attrs

    def asked(self, node: Node, client: Client) -> TellName:
        return TellName(text(node, "name"))


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Telling(),)
NOTICES: tuple[Notice[Any], ...] = ()
