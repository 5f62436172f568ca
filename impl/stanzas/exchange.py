"""Questions and answers as stanzas: for each kind of request one exchange, which writes and reads it for both sides.

wire.md, sections 2 to 13. An iq is answered under its `id`, everything else with an `<ack>`. Who asks for nothing but
to be heard (`Exchange.heard`) goes on at once: stanzas of one connection are taken in order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from impl.dialogue import Client, Declined, Done, Request
from impl.stanzas.reading import child, children, number, optional
from impl.wire.nodes import Jid, Node, Server, Value

R = TypeVar("R", bound=Request[Any])
A = TypeVar("A")

SERVER_JID = Jid("", Server.USER)

Id = str


class Exchange(ABC, Generic[R, A]):
    """One kind of request: the client asks and reads the answer, the server reads the question and answers.

    Nodes are without the `id` that the sessions give them, unless the request brings its own.
    """

    request: ClassVar[type[Request[Any]]]
    heard: ClassVar[bool] = False
    """Whether the asking side does not wait: its answer is Done."""

    @abstractmethod
    def ask(self, request: R, own: Client) -> Sequence[Node]:
        """The question: one stanza, or several for a request that is only heard."""

    @abstractmethod
    def is_asked(self, node: Node) -> bool:
        """Whether this stanza is such a question, well-formed or not."""

    @abstractmethod
    def asked(self, node: Node, client: Client) -> R:
        """What a client asks. DecodeError."""

    @abstractmethod
    def answer(self, node: Node, request: R, value: A) -> Node:
        """The answer to the question `node`, without `id`."""

    @abstractmethod
    def decline(self, node: Node, declined: Declined) -> Node:
        """The refusal of the question `node`, without `id`."""

    @abstractmethod
    def answered(self, request: R, node: Node) -> A:
        """What the server says. Declined, DecodeError."""


class Iq(Exchange[R, A]):
    """An exchange by `<iq>`: known by type, namespace and the tag of the first child."""

    type: ClassVar[Literal["get", "set"]]
    xmlns: ClassVar[str]
    tag: ClassVar[str]

    @abstractmethod
    def content(self, request: R, own: Client) -> tuple[Node, ...]:
        """What is asked, as the children of the iq."""

    @abstractmethod
    def asked(self, node: Node, client: Client) -> R:
        """From the iq. DecodeError."""

    @abstractmethod
    def result(self, node: Node, request: R, value: A) -> tuple[Node, ...] | None:
        """The children of the answer, None for an answer without content."""

    @abstractmethod
    def read(self, request: R, node: Node) -> A:
        """From the iq that answers. DecodeError."""

    def ask(self, request: R, own: Client) -> Sequence[Node]:
        attrs: dict[str, Value] = {"to": SERVER_JID, "type": self.type, "xmlns": self.xmlns}
        return (Node("iq", attrs, self.content(request, own)),)

    def is_asked(self, node: Node) -> bool:
        first = next(iter(children(node)), None)
        return (
            node.tag == "iq"
            and optional(node, "type") == self.type
            and optional(node, "xmlns") == self.xmlns
            and first is not None
            and first.tag == self.tag
        )

    def answer(self, node: Node, request: R, value: A) -> Node:
        return Node("iq", {"from": SERVER_JID, "type": "result"}, self.result(node, request, value))

    def decline(self, node: Node, declined: Declined) -> Node:
        return iq_error(declined)

    def answered(self, request: R, node: Node) -> A:
        if optional(node, "type") == "error":
            error = child(node, "error")
            raise Declined(number(error, "code", 999), optional(error, "text") or "")
        return self.read(request, node)


def iq_error(declined: Declined) -> Node:
    """`<iq type="error"><error code text/></iq>`."""
    error = Node("error", {"code": str(declined.code), "text": declined.why})
    return Node("iq", {"from": SERVER_JID, "type": "error"}, (error,))


class Ordered(Iq[R, Done]):
    """An order by iq: carried out, or declined."""

    type: ClassVar[Literal["get", "set"]] = "set"

    def result(self, node: Node, request: R, value: Done) -> tuple[Node, ...] | None:
        return None

    def read(self, request: R, node: Node) -> Done:
        return Done()


@dataclass(frozen=True)
class Asked:
    """A question as the server has read it."""

    node: Node
    exchange: Exchange[Any, Any]
    request: Request[Any]

    def answer(self, value: Any) -> Node:
        return self.exchange.answer(self.node, self.request, value)

    def decline(self, declined: Declined) -> Node:
        return self.exchange.decline(self.node, declined)
