"""A device as a process: its client, its store, and a connection that comes and goes."""

from __future__ import annotations

import asyncio
import sys
from itertools import count

import msgspec

from impl.client.registration import register
from impl.demo import living, reports, wire
from impl.demo.connection import Connection
from impl.demo.duties import Duties
from impl.demo.faults import Line
from impl.demo.reports import Cut, DeviceSetup, State, Trouble, Wish
from impl.demo.server import LOCALHOST
from impl.demo.wire import Hello
from impl.dialogue import Declined
from impl.net.conversation import Ended, apart
from impl.net.mail import Mail
from impl.phone import Phone
from impl.wire.errors import DecodeError

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds until a lost connection is tried again; twice as many each time."""

UNKNOWN = 401
"""Declined with this code, a phone has not registered yet."""


class Station:
    """Keeps one device connected."""

    def __init__(self, setup: DeviceSetup) -> None:
        self._setup = setup
        self._client = living.client_of(setup)
        self._mail = Mail(self._client, lambda trouble: reports.say(Trouble(trouble)))
        self._duties = Duties(self._client, setup.name)
        self._connection: Connection | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._connections = 0
        self._repeats = 0
        self._pause = SHORTEST_PAUSE

    async def work(self) -> None:
        """Until the standard input ends."""
        await living.live(self._stay_connected(), self._state, self._wish)

    def _wish(self, wish: Wish) -> None:
        if not isinstance(wish, Cut):
            self._duties.wish(wish)
        elif self._writer is not None:
            self._writer.transport.abort()

    def _state(self) -> State:
        repeats = self._repeats + (self._connection.patience.repeats if self._connection else 0)
        return self._duties.state(self._connection is not None, self._connections, repeats, self._mail.deliveries)

    async def _stay_connected(self) -> None:
        for tries in count(1):
            try:
                await apart(self._connect(tries))
            except* (Ended, EOFError, OSError):
                pass
            except* DecodeError as garbage:
                reports.say(Trouble(str(garbage.exceptions[0])))
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _connect(self, tries: int) -> None:
        reader, writer = await asyncio.open_connection(LOCALHOST, self._setup.port)
        self._writer = writer
        writer.write(wire.framed(Hello(self._client.name)))
        connection = Connection(Line(writer, self._setup.faults, f"{self._setup.seed} {tries}"))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(connection.listen(reader))
                group.create_task(connection.speak())
                group.create_task(self._live(connection))
        finally:
            self._repeats += connection.patience.repeats
            self._connection = self._writer = None
            writer.close()

    async def _live(self, connection: Connection) -> None:
        client, name = self._client, self._client.name
        try:
            await connection.run(client.connect())
        except Declined as declined:
            if declined.code != UNKNOWN or not isinstance(client.device, Phone):
                raise
            await connection.run(register(client.device, client.clock()))
            await connection.run(client.connect())
        if client.name != name:
            raise Ended("this device has another name now")
        self._connection = connection
        self._connections += 1
        self._pause = SHORTEST_PAUSE
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take_mail(connection))
            group.create_task(self._duties.grant_wishes(connection))

    async def _take_mail(self, connection: Connection) -> None:
        while True:
            await self._mail.take(connection, await connection.entries())


if __name__ == "__main__":
    asyncio.run(Station(msgspec.json.decode(sys.argv[1], type=DeviceSetup)).work())
