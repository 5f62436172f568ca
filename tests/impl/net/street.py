"""A server with a store that outlives it, and devices at stations that are connected to it over WebSocket."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.companion import Companion
from impl.net.connection import Connection
from impl.net.http import HttpFiles
from impl.net.link import Link, connect_websocket
from impl.net.station import Station, Way
from impl.phone import Phone
from impl.serve.host import Host
from impl.serve.root import ROOT
from impl.server import Server
from impl.store import SqliteStore

ALICE, BOB = "15550004001", "15550004002"
PATIENCE = 20.0


def now() -> int:
    return int(time.time())


@dataclass(eq=False)
class House:
    """One device, its station, and every link it has had."""

    device: Phone | Companion
    station: Station
    links: list[Link]
    stay: asyncio.Task[None] | None = None

    def on(self) -> None:
        self.stay = asyncio.create_task(self.station.stay())

    async def off(self) -> None:
        assert self.stay is not None
        self.stay.cancel()
        await asyncio.wait([self.stay])

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.device.conversation]


@dataclass
class Street:
    store: Path
    port: int = 0
    host: Host | None = None
    houses: list[House] = field(default_factory=list)
    _open: SqliteStore | None = None

    async def serve(self) -> None:
        """The server begins, for the first time or anew, with another Noise key."""
        self._open = SqliteStore(self.store, synced=False)
        self.host = await Host(Server(self._open), now).start(self.port)
        self.port = self.host.port

    async def fall_silent(self) -> None:
        assert self.host is not None and self._open is not None
        await self.host.stop()
        self._open.close()

    def move_in(
        self,
        device: Phone | Companion,
        files: HttpFiles,
        meanwhile: Callable[[Connection], Coroutine[Any, Any, None]] | None = None,
    ) -> House:
        links: list[Link] = []

        async def connect() -> Link:
            links.append(await connect_websocket(f"ws://127.0.0.1:{self.port}/ws/chat"))
            return links[-1]

        way = Way(connect, files, ROOT.public)
        more = {} if meanwhile is None else {"meanwhile": meanwhile}
        house = House(device, Station(Client(device, now), way, **more), links)
        house.on()
        self.houses.append(house)
        return house

    def phone(self, user: str, files: HttpFiles, **more: Any) -> House:
        return self.move_in(Phone.register(user, os.urandom, now()), files, **more)

    def companion(self, files: HttpFiles) -> House:
        return self.move_in(Companion.create(os.urandom, now()), files)


@asynccontextmanager
async def street(store: Path) -> AsyncIterator[tuple[Street, HttpFiles]]:
    served = Street(store)
    await served.serve()
    try:
        async with HttpFiles(served.port) as files, asyncio.timeout(3 * PATIENCE):
            yield served, files
    finally:
        for house in served.houses:
            await house.off()
        await served.fall_silent()


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not reached():
            await asyncio.sleep(0.01)


async def link(phone: House, companion: House) -> None:
    """The QR is shown and seen; the companion is there under its name, and the phone knows."""
    device, by = companion.device, phone.device
    assert isinstance(device, Companion) and isinstance(by, Phone)
    before = len(by.linked_devices)
    text = await companion.station.run(lambda: show_qr(device))
    await phone.station.run(lambda: scan(by, text, now()))
    await until(lambda: device.address is not None and not device.joining and companion.station.online)
    await until(lambda: len(by.linked_devices) > before)
