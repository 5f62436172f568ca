"""What every process of a device does, whatever it is connected by: it takes wishes, and tells how it stands."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from impl.client import Client
from impl.companion import Companion
from impl.demo import reports
from impl.demo.reports import DeviceSetup, State, Wish
from impl.phone import Phone
from impl.store import SqliteStore, Store

EVERY = 0.25
"""Seconds between two reports."""


def client_of(setup: DeviceSetup) -> Client:
    """With the device of its store; a new one if there is none."""
    return Client(_opened(SqliteStore(Path(setup.store), synced=False), setup.user), now)


def now() -> int:
    return int(time.time())


async def live(stay: Coroutine[Any, Any, None], state: Callable[[], State], wish: Callable[[Wish], None]) -> None:
    """Stays connected until the standard input ends. Raises what it fails of."""
    tasks = [asyncio.create_task(each) for each in (stay, _tell(state))]
    listening = asyncio.create_task(_listen(wish))
    done, _ = await asyncio.wait([*tasks, listening], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*done)


async def _listen(wish: Callable[[Wish], None]) -> None:
    async for each in reports.wishes():
        wish(each)


async def _tell(state: Callable[[], State]) -> None:
    while True:
        reports.say(state())
        await asyncio.sleep(EVERY)


def _opened(store: Store, user: str | None) -> Phone | Companion:
    """`user` is the account of a phone."""
    kind = Companion if user is None else Phone
    if hasattr(device := kind(store, os.urandom), "identity"):
        return device
    if user is None:
        return Companion.create(os.urandom, now(), store=store)
    return Phone.register(user, os.urandom, now(), store)
