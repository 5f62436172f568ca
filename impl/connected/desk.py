"""The server's side of all connections: who is connected, and what the server has to tell them.

Every decision is that of `impl.server`; here it only gets its form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from impl.address import Address
from impl.connected.server import ServerSession
from impl.dialogue import AskReference, Client, Declined, Entry, Request
from impl.refusal import Refused
from impl.server import Server
from impl.stanzas import connection
from impl.transport.registration import check_signed_prekey
from impl.wire.client_payload import ClientPayload, Login, Registration
from impl.wire.nodes import Node

Direction = Literal["in", "out"]
"""As the server sees it."""

Watch = Callable[[Client, Direction, Node], None]

UNAUTHORISED, BAD_REQUEST = 401, 400


class Outlet(Protocol):
    """The way to one client. Both may be called at any time; after the end they do nothing."""

    def send(self, node: Node, replies: int = 0) -> None:
        """So many `replies` to it are no more than is right, and not counted as talkative."""

    def end(self, *nodes: Node, why: str) -> None:
        """Says these last, and closes; `why` is for people."""


class TurnedAway(Exception):
    """Nobody who belongs here: `node` is the last word."""

    def __init__(self, why: str, node: Node) -> None:
        super().__init__(why)
        self.why = why
        self.node = node


class Desk:
    """`host` is where files are, as clients are told; `watch` sees every stanza, `gone` who has left, and why."""

    def __init__(
        self,
        server: Server,
        clock: Callable[[], int],
        host: str,
        watch: Watch = lambda *_: None,
        gone: Callable[[Client, str], None] = lambda *_: None,
    ) -> None:
        self.server = server
        self.gone = gone
        self.clock = clock
        self.host = host
        self.watch = watch
        self.sessions: dict[Client, ServerSession] = {}
        self._posted: list[tuple[Client, Entry]] = []
        server.mailboxes.told = lambda client, entry: self._posted.append((client, entry))

    def accept(self, noise: bytes, payload: ClientPayload, proven: bool, outlet: Outlet) -> ServerSession:
        """The session of whoever holds `noise`. Raises TurnedAway.

        Until it is `proven` that this is no recording (its first stanza does), nobody else has to go.
        """
        try:
            session = self._begin(noise, payload, outlet)
        except Declined as declined:
            raise TurnedAway(declined.why, connection.failure(declined.code)) from declined
        if proven:
            self.entered(session)
        session.begin()
        return session

    def entered(self, session: ServerSession) -> None:
        """It is there; a former connection of the same client is over."""
        former = self.sessions.get(session.client)
        self.sessions[session.client] = session
        if former is not None and former is not session:
            former.end(connection.replaced(), why="connected anew")

    def _begin(self, noise: bytes, payload: ClientPayload, outlet: Outlet) -> ServerSession:
        match payload:
            case Login(user, device):
                address = Address(str(user), device)
                self._check_login(noise, address)
                return ServerSession(self, address, outlet)
            case Registration():
                return ServerSession(self, noise, outlet, self._register(noise, payload))

    def _check_login(self, noise: bytes, address: Address) -> None:
        """Whoever is told that it is no device any longer needs no letter that says the same."""
        try:
            self.server.logins.check(noise, address)
        except Declined:
            if address not in self.server.directory.addresses(address.user):
                with self.server.store.transaction():
                    self.server.mailboxes.clear(address)
            raise

    def _register(self, noise: bytes, registration: Registration) -> str:
        """What its QR refers to. Raises Declined."""
        try:
            check_signed_prekey(registration)
        except Refused as refusal:
            raise Declined(BAD_REQUEST, refusal.why) from refusal
        reference: str = self.perform(noise, AskReference(registration.props))
        return reference

    def perform(self, client: Client, request: Request[Any]) -> Any:
        """What the server says to it; then whoever is connected hears what it led to. Raises Declined."""
        try:
            answer = self.server.answer(client, request)
        except Declined:
            self._posted.clear()
            raise
        self.deliver()
        return answer

    def deliver(self) -> None:
        """Hands out what was posted, by a request or by whoever else drives the server."""
        posted, self._posted = self._posted, []
        for recipient, entry in posted:
            session = self.sessions.get(recipient)
            if session is not None:
                session.arrived(entry)

    def left(self, session: ServerSession, why: str) -> None:
        """The connection is over."""
        self.gone(session.client, why)
        if self.sessions.get(session.client) is session:
            del self.sessions[session.client]
