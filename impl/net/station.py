"""One device on the wire: connected, connected again, its mail taken, and flows run on whatever connection there is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from impl.client import Client
from impl.client.registration import register
from impl.companion import Companion
from impl.dialogue import Declined, Flow
from impl.net.connection import Connection
from impl.net.conversation import Ended, apart
from impl.net.credentials import Credentials
from impl.net.errors import LinkLost
from impl.net.http import HttpFiles
from impl.net.line import ClientLine
from impl.net.link import Link
from impl.net.mail import Mail
from impl.phone import Phone
from impl.transport.connection import ClientConnection
from impl.transport.errors import ConnectionFailed
from impl.transport.registration import introduce
from impl.wire.client_payload import ClientPayload, Login
from impl.wire.errors import DecodeError

T = TypeVar("T")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds until a lost connection is tried again; twice as many each time."""

VERSION = (2, 3000, 1)
"""Of the software, as a companion says at registration."""

UNKNOWN = 401


@dataclass(frozen=True)
class Way:
    """To the server: links by `connect`, files by `files`; its certificates go back to the key `root` (32 bytes)."""

    connect: Callable[[], Awaitable[Link]]
    files: HttpFiles
    root: bytes


async def _nothing(connection: Connection) -> None:
    """What most devices do on a connection beside taking their mail."""


class Station:
    """Keeps one device connected. `told` is called whenever something about it may have changed.

    `connections` counts them, `why` says why there is none, `troubles` lists what the server declined. `meanwhile` runs
    on each connection from when the device is online.
    """

    def __init__(
        self,
        client: Client,
        way: Way,
        told: Callable[[], None] = lambda: None,
        meanwhile: Callable[[Connection], Coroutine[Any, Any, None]] = _nothing,
    ) -> None:
        self.client = client
        self.online = False
        self.connections = 0
        self.why = "not connected yet"
        self.troubles: list[str] = []
        self.mail = Mail(client, self._trouble)
        self._way = way
        self._told = told
        self._meanwhile = meanwhile
        self._credentials = Credentials(client.device)
        self._connection: Connection | None = None
        self._connected = asyncio.Event()
        self._pause = SHORTEST_PAUSE

    async def stay(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await apart(self._connect())
            except* (Ended, LinkLost, ConnectionFailed, DecodeError, OSError) as over:
                self.why = str(_first(over))
            except* Declined as declined:
                self._trouble(str(_first(declined)))
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def run(self, begin: Callable[[], Flow[T]]) -> T:
        """The flow to its end, begun anew on the next connection if one is lost. Raises what it raises."""
        while True:
            await self._connected.wait()
            connection = self._connection
            if connection is None:
                continue
            try:
                return await connection.run(begin())
            except Ended:
                if self._connection is connection:  # it is not taken down yet
                    self._no_connection()

    async def _connect(self) -> None:
        line = await self._line()
        connection = Connection(line, self.client, self._way.files, self._credentials)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(connection.speak())
                group.create_task(connection.listen())
                group.create_task(self._live(connection))
        finally:
            self._no_connection()
            await line.close()
            connection.lost()
            self._told()

    def _no_connection(self) -> None:
        self.online, self._connection = False, None
        self._connected.clear()

    async def _line(self) -> ClientLine:
        now, client = self.client.clock(), self.client
        known = self._credentials.trusted
        said = self._says()
        opening = ClientConnection.open(
            self._credentials.noise, said, client.device.entropy, self._way.root, now, known
        )
        line = await ClientLine.open(await self._way.connect(), opening)
        self._credentials.trust(line.server)
        return line

    def _says(self) -> ClientPayload:
        name, device = self.client.name, self.client.device
        if isinstance(name, bytes):
            assert isinstance(device, Companion)
            return introduce(device.bundle(), device.props, VERSION)
        return Login(int(name.user), name.device)

    async def _live(self, connection: Connection) -> None:
        client, name = self.client, self.client.name
        try:
            await connection.ready()
        except Declined as declined:
            await self._not_let_in(connection, declined)
        await connection.run(client.connect())
        self._check_name(name)
        self._connection, self.online, self.why, self._pause = connection, True, "", SHORTEST_PAUSE
        self.connections += 1
        self._connected.set()
        self._told()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take_mail(connection))
            group.create_task(self._meanwhile(connection))

    async def _take_mail(self, connection: Connection) -> None:
        while True:
            entries = await connection.entries()
            await self.mail.take(connection, entries)
            connection.handled(entries)
            self._told()

    async def _not_let_in(self, connection: Connection, declined: Declined) -> None:
        """A phone registers; a companion that is unknown belongs to nobody any longer."""
        device, now = self.client.device, self.client.clock()
        if declined.code == UNKNOWN and isinstance(device, Phone):
            await connection.run(register(device, now))
        elif declined.code == UNKNOWN and isinstance(device, Companion):
            device.forget(now)
        raise Ended(str(declined))

    def _check_name(self, name: object) -> None:
        if self.client.name != name:
            self._pause = SHORTEST_PAUSE
            raise Ended("this device has another name now")

    def _trouble(self, what: str) -> None:
        self.troubles.append(what)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Why several tasks have ended together."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
