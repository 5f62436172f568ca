"""Prekeys at the server: published, counted, fetched. wire.md, sections 7.6 and 7.7; tulir/whatsmeow, `prekeys.go`."""

from __future__ import annotations

from typing import ClassVar, Literal

from impl.dialogue import Client, CountPrekeys
from impl.stanzas.exchange import Iq
from impl.stanzas.reading import child, number
from impl.wire.nodes import Node

XMLNS = "encrypt"


class Count(Iq[CountPrekeys, int]):
    """`<count/>`, answered with `<count value="N"/>`."""

    request = CountPrekeys
    type: ClassVar[Literal["get", "set"]] = "get"
    xmlns = XMLNS
    tag = "count"

    def content(self, request: CountPrekeys, own: Client) -> tuple[Node, ...]:
        return (Node("count"),)

    def asked(self, node: Node, client: Client) -> CountPrekeys:
        return CountPrekeys()

    def result(self, node: Node, request: CountPrekeys, value: int) -> tuple[Node, ...]:
        return (Node("count", {"value": str(value)}),)

    def read(self, request: CountPrekeys, node: Node) -> int:
        return number(child(node, "count"), "value")
