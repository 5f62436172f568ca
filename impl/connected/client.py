"""A client's end: requests become stanzas, stanzas become answers and entries of the mailbox. wire.md, section 8.6.

Nothing here survives the connection: whoever was not answered asks again on the next one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from impl.dialogue import (
    Acknowledge,
    AskReference,
    Client,
    ConfirmLinking,
    Declined,
    Done,
    Entry,
    PairSuccess,
    Request,
    Unlinked,
)
from impl.stanzas import connection, linking, table
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import acknowledgement
from impl.stanzas.reading import optional
from impl.wire.nodes import Node

Outcome = Any | Declined
Told = Callable[[Outcome], None]


@dataclass(frozen=True)
class Ready:
    """The server has let this client in."""


@dataclass(frozen=True)
class Arrived:
    """Something in the mailbox; its number counts on this connection alone."""

    entry: Entry


@dataclass(frozen=True)
class Over:
    """The server ends the connection; code 515 asks for another one, 401 says that this is no device any longer."""

    code: int
    why: str


Happening = Ready | Arrived | Over


@dataclass(frozen=True)
class Waiting:
    """A question, and who is told its answer; one message may be on its way twice, and is answered in that order."""

    exchange: Exchange[Any, Any]
    request: Request[Any]
    told: Told


class ClientSession:
    """Of one client on one connection; `send` takes its stanzas in order."""

    def __init__(self, own: Client, send: Callable[[Node], None]) -> None:
        self.own = own
        self._send = send
        self._ids = count(1)
        self._numbers = count(1)
        self._waiting: dict[tuple[str, str], deque[Waiting]] = defaultdict(deque)
        self._arrived: dict[int, Node] = {}
        self._references: tuple[str, ...] = ()
        self._wants_reference: Told | None = None
        self._pairing = ""
        self._confirming: Told | None = None

    def ask(self, request: Request[Any], told: Told) -> None:
        """Asks; `told` gets the answer, or Declined. What is only to be heard is Done at once."""
        match request:
            case Acknowledge(entries):
                self._confirm(entries)
                told(Done())
            case AskReference():
                self._wants_reference = told
                self._give_reference()
            case ConfirmLinking():
                self._confirming = told
                self._say(request, self._pairing)
            case _:
                exchange = table.exchange_of(request)
                for node in exchange.ask(request, self.own):
                    sent = self._identified(node)
                    self._send(sent)
                if exchange.heard:
                    told(Done())
                else:
                    self._waiting[sent.tag, str(sent.attrs["id"])].append(Waiting(exchange, request, told))

    def received(self, node: Node) -> Sequence[Happening]:
        """Takes what the server says. DecodeError, after which nothing on this connection means anything."""
        if node.tag == "ack":
            self._answered((optional(node, "class") or "", optional(node, "id") or ""), node)
            return ()
        if node.tag == "iq" and optional(node, "type") in ("result", "error"):
            self._answered(("iq", optional(node, "id") or ""), node)
            return ()
        return self._told(node)

    def _told(self, node: Node) -> Sequence[Happening]:
        if connection.is_success(node):
            self._send(self._identified(connection.active()))
            return (Ready(),)
        if connection.is_failure(node) or connection.is_stream_error(node):
            return self._over(Over(*connection.read_end(node)))
        if linking.is_pair_device(node):
            self._references = linking.read_refs(node)
            self._send(acknowledgement(node))
            self._give_reference()
            return (Ready(),)
        notice = table.notice_for(node)
        if notice is None:
            return ()
        event = notice.told(node, self.own)
        if isinstance(event, PairSuccess):
            self._pairing = optional(node, "id") or ""
        return (self._entered(node, event),)

    def _entered(self, node: Node, event: Any) -> Arrived:
        number = next(self._numbers)
        self._arrived[number] = node
        return Arrived(Entry(number, event))

    def _over(self, over: Over) -> Sequence[Happening]:
        if over.code == connection.RESTART and self._confirming is not None:
            told, self._confirming = self._confirming, None
            told(Done())
        if over.code == connection.LOGGED_OUT:
            return (Arrived(Entry(next(self._numbers), Unlinked())), over)
        return (over,)

    def _confirm(self, entries: Iterable[int]) -> None:
        for number in entries:
            node = self._arrived.pop(number, None)
            if node is not None and not linking.is_pair_success(node):  # that was answered by ConfirmLinking
                self._send(acknowledgement(node))

    def _give_reference(self) -> None:
        if self._wants_reference is not None and self._references:
            told, self._wants_reference = self._wants_reference, None
            told(self._references[0])

    def _say(self, request: Request[Any], name: str) -> None:
        for node in table.exchange_of(request).ask(request, self.own):
            self._send(replace(node, attrs={**node.attrs, "id": name}))

    def _identified(self, node: Node) -> Node:
        return node if "id" in node.attrs else replace(node, attrs={**node.attrs, "id": str(next(self._ids))})

    def _answered(self, key: tuple[str, str], node: Node) -> None:
        if key == ("iq", self._pairing) and self._confirming is not None:
            told, self._confirming = self._confirming, None
            told(connection.declined(node))
            return
        waiting = self._waiting[key].popleft() if self._waiting[key] else None
        if not self._waiting[key]:
            del self._waiting[key]
        if waiting is None:
            return
        try:
            outcome = waiting.exchange.answered(waiting.request, node)
        except Declined as declined:
            outcome = declined
        waiting.told(outcome)
