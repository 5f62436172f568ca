"""A device as a process: its client, its store, and a connection that comes and goes."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from itertools import count
from pathlib import Path

import msgspec

from impl.client import Client
from impl.client.registration import register
from impl.companion import Companion
from impl.demo import reports, wire
from impl.demo.connection import Connection, Ended
from impl.demo.duties import Duties
from impl.demo.faults import Line
from impl.demo.reports import DeviceSetup, Trouble
from impl.demo.server import EVERY, LOCALHOST
from impl.demo.wire import Hello
from impl.dialogue import Declined
from impl.phone import Phone
from impl.store import SqliteStore, Store
from impl.wire.errors import DecodeError

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds until a lost connection is tried again; twice as many each time."""

UNKNOWN = 401
"""Declined with this code, a phone has not registered yet."""


def opened(store: Store, user: str | None) -> Phone | Companion:
    """The device of this store; a new one if there is none. `user` is the account of a phone."""
    kind = Companion if user is None else Phone
    if hasattr(device := kind(store, os.urandom), "identity"):
        return device
    if user is None:
        return Companion.create(os.urandom, _now(), store=store)
    return Phone.register(user, os.urandom, _now(), store)


def _now() -> int:
    return int(time.time())


class Station:
    """Keeps one device connected."""

    def __init__(self, setup: DeviceSetup) -> None:
        self._setup = setup
        self._client = Client(opened(SqliteStore(Path(setup.store), synced=False), setup.user), _now)
        self._duties = Duties(self._client, setup.name)
        self._connection: Connection | None = None
        self._repeats = 0
        self._pause = SHORTEST_PAUSE

    async def work(self) -> None:
        """Until the standard input ends."""
        tasks = [asyncio.create_task(each) for each in (self._stay_connected(), self._tell())]
        listening = asyncio.create_task(self._listen())
        done, _ = await asyncio.wait([*tasks, listening], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*done)

    async def _listen(self) -> None:
        async for wish in reports.wishes():
            self._duties.wish(wish)

    async def _tell(self) -> None:
        while True:
            online = self._connection is not None
            repeats = self._repeats + (self._connection.patience.repeats if self._connection else 0)
            reports.say(self._duties.state(online, repeats))
            await asyncio.sleep(EVERY)

    async def _stay_connected(self) -> None:
        for tries in count(1):
            try:
                await self._connect(tries)
            except* (Ended, EOFError, OSError):
                pass
            except* DecodeError as garbage:
                reports.say(Trouble(str(garbage.exceptions[0])))
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _connect(self, tries: int) -> None:
        reader, writer = await asyncio.open_connection(LOCALHOST, self._setup.port)
        writer.write(wire.framed(Hello(self._client.name)))
        connection = Connection(Line(writer, self._setup.faults, f"{self._setup.seed} {tries}"))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(connection.listen(reader))
                group.create_task(connection.speak())
                group.create_task(self._live(connection))
        finally:
            self._repeats += connection.patience.repeats
            self._connection = None
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
        self._pause = SHORTEST_PAUSE
        async with asyncio.TaskGroup() as group:
            group.create_task(self._duties.take_mail(connection))
            group.create_task(self._duties.grant_wishes(connection))


if __name__ == "__main__":
    asyncio.run(Station(msgspec.json.decode(sys.argv[1], type=DeviceSetup)).work())
