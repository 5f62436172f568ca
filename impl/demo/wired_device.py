"""A device as a process whose stanzas go over WebSocket and Noise."""

from __future__ import annotations

import asyncio
import sys

import msgspec

from impl.demo import living, reports
from impl.demo.duties import Duties
from impl.demo.reports import Cut, DeviceSetup, State, Trouble, Wish
from impl.demo.server import LOCALHOST
from impl.net.http import HttpFiles
from impl.net.link import Link, connect_websocket
from impl.net.station import Station, Way
from impl.serve.root import ROOT


class WiredDevice:
    """Keeps one device connected."""

    def __init__(self, setup: DeviceSetup, files: HttpFiles) -> None:
        self._url = f"ws://{LOCALHOST}:{setup.port}/ws/chat"
        self._link: Link | None = None
        client = living.client_of(setup)
        self._duties = Duties(client, setup.name)
        way = Way(self._connect, files, ROOT.public)
        self._station = Station(client, way, meanwhile=self._duties.grant_wishes)

    async def work(self) -> None:
        """Until the standard input ends."""
        await living.live(self._station.stay(), self._state, self._wish)

    async def _connect(self) -> Link:
        self._link = await connect_websocket(self._url)
        return self._link

    def _wish(self, wish: Wish) -> None:
        if not isinstance(wish, Cut):
            self._duties.wish(wish)
        elif self._link is not None:
            self._link.cut()

    def _state(self) -> State:
        station = self._station
        while station.troubles:
            reports.say(Trouble(station.troubles.pop(0)))
        return self._duties.state(station.online, station.connections, 0, station.mail.deliveries)


async def work(setup: DeviceSetup) -> None:
    async with HttpFiles(setup.port) as files:
        await WiredDevice(setup, files).work()


if __name__ == "__main__":
    asyncio.run(work(msgspec.json.decode(sys.argv[1], type=DeviceSetup)))
