"""Stanzas of other clients as a reader knows them from wire.md."""

from __future__ import annotations

from xml.etree import ElementTree

from impl.wire.nodes import Node


def xml(text: str) -> Node:
    """`<enc v="2">ciphertext</enc>`: names stay text, as some clients write them, and text is data."""
    return _node(ElementTree.fromstring(text.replace(" xmlns=", f" {XMLNS}=")))


XMLNS = "_xmlns"
"""To XML it is more than an attribute."""


def _node(element: ElementTree.Element) -> Node:
    said = (element.text or "").strip()
    attrs = {key.replace(XMLNS, "xmlns"): value for key, value in element.attrib.items()}
    return Node(element.tag, attrs, tuple(map(_node, element)) or (said.encode() if said else None))
