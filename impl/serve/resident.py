"""Somebody who lives here: a device of ours, at a station of its own, switched on or off."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TypeVar

from impl.client import Client
from impl.companion import Companion
from impl.dialogue import Client as Name
from impl.dialogue import Flow
from impl.kinds import DeviceProps, Platform
from impl.net.station import Station, Way
from impl.phone import Phone
from impl.serve.errors import Unable

T = TypeVar("T")

WITHIN = 20.0
"""Seconds for something that is asked of a resident."""


def now() -> int:
    return int(time.time())


class Resident:
    """`told` is called whenever something about it may have changed."""

    def __init__(self, name: str, device: Phone | Companion, way: Way, told: Callable[[], None]) -> None:
        self.name = name
        self.client = Client(device, now)
        self.station = Station(self.client, way, told)
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def phone(cls, name: str, user: str, way: Way, told: Callable[[], None]) -> Resident:
        return cls(name, Phone.register(user, os.urandom, now()), way, told)

    @classmethod
    def companion(cls, name: str, way: Way, told: Callable[[], None]) -> Resident:
        return cls(name, Companion.create(os.urandom, now(), DeviceProps(Platform.FIREFOX, name)), way, told)

    def is_called(self, client: Name) -> bool:
        """Whether this is the one that the server calls so: by its address, or by its Noise key."""
        device = self.client.device
        return client == device.address or (isinstance(device, Companion) and client == device.noise.public)

    @property
    def on(self) -> bool:
        return self._task is not None

    def switch_on(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self.station.stay())

    async def switch_off(self) -> None:
        """Its mailbox fills from here on. Raises whatever it has died of."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def do(self, begin: Callable[[], Flow[T]]) -> T:
        """Raises what the flow raises, and Unable if it is off or gets nowhere."""
        if self._task is None:
            raise Unable(f"{self.name} is switched off; `on {self.name}` switches it on")
        if self._task.done():
            raise Unable(f"{self.name} has failed: {self._task.exception()!r}")
        try:
            async with asyncio.timeout(WITHIN):
                return await self.station.run(begin)
        except TimeoutError as error:
            raise Unable(f"{self.name} gets nowhere: {self.station.why or 'no answer'}") from error
