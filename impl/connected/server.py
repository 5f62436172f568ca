"""One client as the server sees it: its questions are answered, its mailbox is handed over until it confirms.

Whatever cannot be read is answered with an error and changes nothing. wire.md, sections 2.1, 6.5 and 8.6.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from impl.dialogue import Acknowledge, Client, ConfirmLinking, Declined, Entry, Unlinked
from impl.stanzas import connection, courtesies, linking, receipts, table
from impl.stanzas.exchange import Asked, Exchange, iq_error
from impl.stanzas.notice import acknowledged
from impl.stanzas.reading import optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

if TYPE_CHECKING:
    from impl.connected.desk import Desk, Outlet

WINDOW = 128
"""Entries on their way: whoever confirms nothing gets no more."""

REPLIES = 2
"""What a client says to an entry: that it has come to the client, and that it has come to its user."""

REFERENCES = 6
"""A QR changes; all of them lead to the same connection."""

BAD_REQUEST, NOT_IMPLEMENTED, MALFORMED = 400, 501, 479

UNANSWERED = ("presence", "chatstate", "ib")
"""Stanzas that say something and ask nothing."""

Key = tuple[str, str, str, str]
"""What a confirmation names: tag, id, sender, participant."""


class ServerSession:
    """From the greeting to the end. `reference` is what a companion's QR refers to while it belongs to nobody."""

    def __init__(self, desk: Desk, client: Client, outlet: Outlet, reference: str | None = None) -> None:
        self.client = client
        self.over = False
        self._desk = desk
        self._outlet = outlet
        self._reference = reference
        self._active = False
        self._waiting: deque[Entry] = deque()
        self._under_way: dict[int, Key] = {}

    def begin(self) -> None:
        """Lets it in; a companion that belongs to nobody has something to show at once."""
        if self._reference is not None:
            refs = tuple(f"{self._reference}{each}" for each in range(REFERENCES))
            self._send(linking.pair_device(refs), "references")
            self.activate()
        else:
            self._send(connection.success(self.client, self._desk.clock()))

    def activate(self) -> None:
        """Hands over the mailbox; what was there before is followed by how much it was."""
        if self._active or self.over:
            return
        self._active = True
        self._waiting.extend(self._desk.server.mailboxes.waiting(self.client))
        count = len(self._waiting)
        self._push()
        if self._reference is None:
            self._send(connection.offline(count))

    def arrived(self, entry: Entry) -> None:
        """One more in the mailbox."""
        if self._active and not self.over:
            self._waiting.append(entry)
            self._push()

    def received(self, node: Node) -> None:
        """Takes one stanza."""
        self._desk.entered(self)
        self._desk.watch(self.client, "in", node)
        try:
            self._take(node)
        except DecodeError as error:
            self._cannot_read(node, error)

    def closed(self, why: str) -> None:
        """The connection is over."""
        self.over = True
        self._desk.left(self, why)

    def end(self, *nodes: Node, why: str) -> None:
        """Says these last, and closes."""
        if not self.over:
            self.over = True
            for node in nodes:
                self._desk.watch(self.client, "out", node)
            self._outlet.end(*nodes, why=why)

    def _take(self, node: Node) -> None:
        if linking.is_confirmation(node):
            self._join(node)
        elif (confirmed := acknowledged(node)) is not None:
            self._confirm(node, *confirmed)
        elif (exchange := table.exchange_for(node)) is not None:
            self._perform(node, exchange)
        elif connection.is_active(node):
            self._answer(node, connection.done())
            self.activate()
        elif (courtesy := courtesies.courtesy(node, self._desk.host)) is not None:
            self._answer(node, courtesy)
        elif node.tag == "iq":
            self._answer(node, iq_error(Declined(NOT_IMPLEMENTED, "feature-not-implemented")))
        elif node.tag not in UNANSWERED:
            raise DecodeError("nothing that is said here", f"<{node.tag[:40]}>")

    def _perform(self, node: Node, exchange: Exchange[Any, Any]) -> None:
        asked = Asked(node, exchange, exchange.asked(node, self.client))
        try:
            answer = asked.answer(self._desk.perform(self.client, asked.request))
        except Declined as declined:
            answer = asked.decline(declined)
        if node.tag not in UNANSWERED:
            self._answer(node, answer)
        for name in receipts.confirmed(node):
            self._confirm(node, "message", name)

    def _join(self, node: Node) -> None:
        request: ConfirmLinking = linking.CONFIRM.asked(node, self.client)
        try:
            self._desk.perform(self.client, request)
        except Declined as declined:
            self._answer(node, iq_error(declined))
        else:
            self.end(connection.stream_error(connection.RESTART), why="linked; logs in next")

    def _push(self) -> None:
        while self._waiting and len(self._under_way) < WINDOW and not self.over:
            self._tell(self._waiting.popleft())

    def _tell(self, entry: Entry) -> None:
        if isinstance(entry.event, Unlinked):
            self._desk.perform(self.client, Acknowledge((entry.number,)))
            self.end(connection.stream_error(connection.LOGGED_OUT), why="unlinked")
            return
        node = table.notice_of(entry.event).tell(entry.event, self.client)
        name = optional(node, "id") or str(entry.number)
        self._under_way[entry.number] = (
            node.tag,
            name,
            optional(node, "from") or "",
            optional(node, "participant") or "",
        )
        stamp = {} if node.tag == "iq" else {"t": str(entry.at)}
        self._send(replace(node, attrs={**stamp, **node.attrs, "id": name}), replies=REPLIES)

    def _confirm(self, node: Node, tag: str, name: str) -> None:
        """The entry that goes by these names; the oldest of that id if a client spells the rest in its own way."""
        exact = (tag, name, optional(node, "to") or "", optional(node, "participant") or "")
        found = [number for number, key in self._under_way.items() if key == exact]
        found = found or [number for number, key in self._under_way.items() if key[:2] == (tag, name)]
        if found:
            del self._under_way[found[0]]
            self._desk.perform(self.client, Acknowledge((found[0],)))
            self._push()

    def _cannot_read(self, node: Node, error: DecodeError) -> None:
        if node.tag == "iq":
            self._answer(node, iq_error(Declined(BAD_REQUEST, str(error))))
        elif node.tag in ("message", "receipt", "call"):
            self._answer(node, connection.nack(node, MALFORMED))
        else:
            self.end(connection.stream_error(connection.BAD_FORMAT), why=str(error))

    def _answer(self, node: Node, answer: Node) -> None:
        name = optional(node, "id")
        more: dict[str, Value] = {} if name is None else {"id": name}
        if answer.tag == "ack":
            more["t"] = str(self._desk.clock())
        self._send(replace(answer, attrs={**answer.attrs, **more}))

    def _send(self, node: Node, name: str | None = None, replies: int = 0) -> None:
        if not self.over:
            sent = node if name is None else replace(node, attrs={**node.attrs, "id": name})
            self._desk.watch(self.client, "out", sent)
            self._outlet.send(sent, replies)
