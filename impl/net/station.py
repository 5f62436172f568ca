"""One device on the wire: connected, connected again, its mail taken, and flows run on whatever connection there is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from impl.client import Client
from impl.client.registration import register
from impl.companion import Companion
from impl.dialogue import (
    Acknowledge,
    Declined,
    DeleteBlob,
    Done,
    Download,
    Entry,
    FetchBackup,
    Flow,
    RegisterPhone,
    Request,
    StoreBackup,
    Upload,
    ask,
)
from impl.net.credentials import Credentials
from impl.net.errors import LinkLost
from impl.net.http import HttpFiles
from impl.net.line import ClientLine
from impl.net.link import Link
from impl.phone import Phone
from impl.session import Arrived, ClientSession, Over, Ready, corrected
from impl.transport.connection import ClientConnection
from impl.transport.errors import ConnectionFailed
from impl.transport.registration import introduce, introduce_phone
from impl.wire.client_payload import ClientPayload, Login
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

T = TypeVar("T")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds until a lost connection is tried again; twice as many each time."""

VERSION = (2, 3000, 1)
"""Of the software, as a companion says at registration."""

UNKNOWN = 401

BY_HTTP = Upload | Download | DeleteBlob | RegisterPhone | StoreBackup | FetchBackup


class Ended(Exception):
    """The connection is over, and with it every flow on it: what they left undone is in the store."""


@dataclass(frozen=True)
class Way:
    """To the server: links by `connect`, files by `files`; its certificates go back to the key `root` (32 bytes)."""

    connect: Callable[[], Awaitable[Link]]
    files: HttpFiles
    root: bytes


class Station:
    """Keeps one device connected. `told` is called whenever something about it may have changed."""

    def __init__(self, client: Client, way: Way, told: Callable[[], None] = lambda: None) -> None:
        self.client = client
        self.online = False
        self.why = "not connected yet"
        self.troubles: list[str] = []
        self._way = way
        self._told = told
        self._credentials = Credentials(client.device)
        self._connection: Connection | None = None
        self._connected = asyncio.Event()
        self._pause = SHORTEST_PAUSE

    async def stay(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._connect()
            except* (Ended, LinkLost, ConnectionFailed, DecodeError, OSError) as over:
                self.why = str(over.exceptions[0])
            except* Declined as declined:
                self._trouble(str(declined.exceptions[0]))
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def run(self, begin: Callable[[], Flow[T]]) -> T:
        """The flow to its end, begun anew on the next connection if one is lost. Raises what it raises."""
        while True:
            await self._connected.wait()
            connection = self._connection
            if connection is None:
                continue
            with suppress(Ended):
                return await connection.run(begin())

    async def _connect(self) -> None:
        line = await self._line()
        connection = Connection(line, self.client, self._way.files, self._credentials)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(connection.speak())
                group.create_task(connection.listen())
                group.create_task(self._live(connection))
        finally:
            self.online, self._connection = False, None
            self._connected.clear()
            await line.close()
            connection.lost()
            self._told()

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
        self._connected.set()
        self._told()
        while True:
            await self._handle(connection, await connection.arrived())
            connection.handled()
            self._told()
            self._check_name(name)

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

    async def _handle(self, connection: Connection, entry: Entry) -> None:
        try:
            await connection.run(self.client.handle(entry))
        except Declined as declined:  # as it will be next time
            self._trouble(f"{type(entry.event).__name__}: {declined}")
            await connection.run(ask(Acknowledge((entry.number,))))

    def _trouble(self, what: str) -> None:
        self.troubles.append(what)


class Connection:
    """A line, and the flows that run on it side by side."""

    def __init__(self, line: ClientLine, client: Client, files: HttpFiles, credentials: Credentials) -> None:
        self._line = line
        self._files = files
        self._credentials = credentials
        self._session = ClientSession(client.name, self._outgoing_put)
        self._outgoing: asyncio.Queue[Node] = asyncio.Queue()
        self._entries: asyncio.Queue[Entry] = asyncio.Queue()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open: set[asyncio.Future[Any]] = set()
        self._over = False

    async def ready(self) -> None:
        """Returns once the server has let us in. Raises Declined."""
        await self._ready

    async def arrived(self) -> Entry:
        """The next entry of the mailbox."""
        return await self._entries.get()

    async def run(self, flow: Flow[T]) -> T:
        """The flow to its end. Raises what it raises, and Ended."""
        flow = corrected(flow, self._session.own)
        try:
            request = next(flow)
            while True:
                try:
                    reply = await self._ask(request)
                except Declined as declined:
                    request = flow.throw(declined)
                else:
                    request = flow.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    async def speak(self) -> None:
        while True:
            await self._line.send(await self._outgoing.get())

    async def listen(self) -> None:
        """Until the server ends the connection, and what it had said is handled. Raises Ended."""
        code, what, why = 0, "", ""
        async for node in self._line:
            for happening in self._session.received(node):
                match happening:
                    case Ready():
                        self._let_in(None)
                    case Arrived(entry):
                        self._entries.put_nowait(entry)
                    case Over(code, what):
                        why = f"{code}: {what}"
        if not self._ready.done() and why:
            self._let_in(Declined(code, what))
            return
        self.lost()
        await self._entries.join()
        raise Ended(why or self._line.why)

    def handled(self) -> None:
        """The entry that arrived last is."""
        self._entries.task_done()

    def lost(self) -> None:
        """Whoever waits for an answer, or asks from now on, gets none."""
        self._over = True
        for future in list(self._open):
            if not future.done():
                future.set_exception(Ended("the connection is over"))
                future.exception()  # whoever waited may be gone, too

    def _let_in(self, declined: Declined | None) -> None:
        if self._ready.done():
            return
        if declined is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(declined)

    def _outgoing_put(self, node: Node) -> None:
        self._outgoing.put_nowait(node)

    async def _ask(self, request: Request[Any]) -> Any:
        if isinstance(request, BY_HTTP):
            return await self._ask_by_http(request)
        if self._over:
            raise Ended("the connection is over")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open.add(answer)
        answer.add_done_callback(self._open.discard)

        def told(outcome: Any) -> None:
            if answer.done():
                return
            if isinstance(outcome, Declined):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        self._session.ask(request, told)
        return await answer

    async def _ask_by_http(self, request: Request[Any]) -> Any:
        """Raises Declined, LinkLost. A backup belongs to whoever holds the Noise key of the phone."""
        files, noise = self._files, self._credentials.noise.public
        match request:
            case Download(path):
                return await files.download(path)
            case FetchBackup():
                return await files.fetch_backup(noise.hex())
            case Upload(path, blob):
                await files.upload(path, blob)
            case DeleteBlob(path):
                await files.delete(path)
            case StoreBackup(file):
                await files.store_backup(noise.hex(), file)
            case RegisterPhone(user, bundle):
                await files.register(introduce_phone(user, bundle, noise))
        return Done()
