"""What the server says of its own accord: for each kind of event one notice, which writes and reads it.

Each is confirmed by the client with a stanza of its own kind; then it leaves the mailbox. wire.md, sections 2, 4, 8.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from impl.dialogue import Client, Event
from impl.stanzas.reading import optional
from impl.wire.nodes import Node, Value

E = TypeVar("E", bound=Event)


class Notice(ABC, Generic[E]):
    """One kind of event. `tell` leaves out `t`, and `id` unless the event brings its own: the session adds them."""

    event: ClassVar[type[Event]]

    @abstractmethod
    def tell(self, event: E, to: Client) -> Node:
        """The stanza for this client."""

    @abstractmethod
    def is_told(self, node: Node) -> bool:
        """Whether this stanza is such a notice, well-formed or not."""

    @abstractmethod
    def told(self, node: Node, own: Client) -> E:
        """What it says to this client. DecodeError."""


def acknowledgement(node: Node) -> Node:
    """The `<ack>` of a message, receipt, notification or call; for an iq its empty result. wire.md, section 8.6."""
    attrs: dict[str, Value] = {"id": node.attrs.get("id", ""), "to": node.attrs.get("from", "")}
    if node.tag == "iq":
        return Node("iq", attrs | {"type": "result"})
    attrs["class"] = node.tag
    kept = ("participant", "recipient") if node.tag == "message" else ("participant", "recipient", "type")
    return Node("ack", attrs | {key: node.attrs[key] for key in kept if key in node.attrs})


def acknowledged(node: Node) -> tuple[str, str] | None:
    """What a stanza of the client confirms, by tag and id: an `<ack>`, an iq's answer, the receipt of a message."""
    name = optional(node, "id") or ""
    if node.tag == "ack":
        return optional(node, "class") or "", name
    if node.tag == "iq" and optional(node, "type") in ("result", "error"):
        return "iq", name
    return None
