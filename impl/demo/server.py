"""The server as a process: `impl.server` behind a loopback port, with a store that outlives it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw

from impl.demo import reports, wire
from impl.demo.faults import Line
from impl.demo.living import EVERY
from impl.demo.reports import Mailboxes, ServerSetup, Serving
from impl.demo.served import Served
from impl.demo.wire import Answered, End, Hello, Outcome, Refusal
from impl.dialogue import Client, Declined, Entry, Request
from impl.server import Server
from impl.store import SqliteStore
from impl.wire.errors import DecodeError

LOCALHOST = "127.0.0.1"
HELLO_WITHIN = 5.0
"""Seconds that a connection has to say who it is."""


class Desk:
    """The server that decides, and who is connected to it."""

    def __init__(self, setup: ServerSetup) -> None:
        self._setup = setup
        self._server = Server(SqliteStore(Path(setup.store), synced=False))
        self._server.mailboxes.told = lambda client, entry: self._posted.append((client, entry))
        self._posted: list[tuple[Client, Entry]] = []
        self._served: dict[Client, tuple[Served, asyncio.StreamWriter]] = {}
        self._connections = 0

    async def serve(self) -> None:
        """Until the standard input ends."""
        listening = await asyncio.start_server(self._connected, LOCALHOST, self._setup.port)
        reports.say(Serving(listening.sockets[0].getsockname()[1]))
        telling = asyncio.create_task(tell(self._server))
        await served()
        telling.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = wire.from_client(await asyncio.wait_for(wire.read(reader), HELLO_WITHIN))
            if not isinstance(hello, Hello):
                raise DecodeError(f"{type(hello).__name__} at the beginning", "frame")
            await self._serve(hello.client, reader, writer)
        except (DecodeError, TimeoutError) as error:
            _end(writer, str(error) or "nobody said who is there")
        except (EOFError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _serve(self, client: Client, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if client in self._served:
            _end(self._served[client][1], "connected anew")
        self._connections += 1
        line = Line(writer, self._setup.faults, f"{self._setup.seed} {self._connections}")
        served = Served(client, line, self._perform, self._server.mailboxes.waiting(client))
        self._served[client] = served, writer
        pushing = asyncio.create_task(served.push())
        try:
            await served.listen(reader)
        finally:
            pushing.cancel()
            if self._served[client][0] is served:
                del self._served[client]

    def _perform(self, client: Client, requests: list[Request[Any]]) -> tuple[Outcome, ...]:
        """One transaction a batch; nobody hears of anything that is not in the store."""
        with self._server.store.transaction():
            answers = tuple(self._outcome(client, request) for request in requests)
        posted, self._posted = self._posted, []
        for recipient, entry in posted:
            if recipient in self._served:
                self._served[recipient][0].arrived(entry)
        return answers

    def _outcome(self, client: Client, request: Request[Any]) -> Outcome:
        before = len(self._posted)
        try:
            return Answered(Raw(wire.encode(self._server.answer(client, request))))
        except Declined as declined:
            del self._posted[before:]
            return Refusal(declined.code, declined.why)


async def served() -> None:
    """Until the standard input ends."""
    async for _ in reports.wishes():
        pass


async def tell(server: Server) -> None:
    """Says again and again what waits in the mailboxes."""
    while True:
        await asyncio.sleep(EVERY)
        addresses = [each.address for devices in server.directory.devices.values() for each in devices.devices]
        reports.say(Mailboxes({str(each): server.mailboxes.count(each) for each in addresses}))


def _end(writer: asyncio.StreamWriter, why: str) -> None:
    """Says why, without the faults of the line, and closes."""
    if not writer.is_closing():
        writer.write(wire.framed(End(why)))
        writer.close()


if __name__ == "__main__":
    asyncio.run(Desk(msgspec.json.decode(sys.argv[1], type=ServerSetup)).serve())
