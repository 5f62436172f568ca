"""A server with everybody who lives behind it, in a thread of its own, for clients that are processes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

from impl.dialogue import Client
from impl.net.http import HttpFiles
from impl.net.link import connect_websocket
from impl.net.station import Way
from impl.serve.host import Host
from impl.serve.house import House
from impl.serve.resident import Unable, now
from impl.serve.root import ROOT
from impl.serve.wishes import grant
from impl.server import Server
from impl.session.desk import Direction
from impl.wire.nodes import Node

T = TypeVar("T")

TIME = 60.0
SOON = 20.0
"""Seconds until what should happen has."""


class Stage:
    """`said` is every stanza so far: who, whether to the server ("in") or from it, and what."""

    def __init__(self) -> None:
        self.said: list[tuple[Client, Direction, Node]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open = AsyncExitStack()
        self.house: House
        self.host: Host

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.host.port}/ws/chat"

    @property
    def root(self) -> bytes:
        return ROOT.public

    def tell(self, wish: str) -> Sequence[str]:
        """What `pentad tell` would, in the same words. Raises Unable."""
        return self.run(grant(self.house, wish))

    def until(self, true: Callable[[], bool], what: str, seconds: float = SOON) -> None:
        """Waits until it is so."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
            time.sleep(0.05)

    def hears(self, name: str, text: str, seconds: float = SOON) -> str:
        """Waits until one of ours has a message of this text, and answers with its line."""

        def lines() -> list[str]:
            return [line for line in self.tell(f"said {name}") if line.endswith(f": {text}")]

        refusals = self.house.resident(name).client.refusals
        self.until(lambda: bool(lines()), f"{name} hears {text!r}; it refused {refusals}", seconds)
        return lines()[0]

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(TIME)

    async def _begin(self) -> None:
        watch = lambda client, direction, node: self.said.append((client, direction, node))  # noqa: E731
        self.host = await Host(Server(clock=now), now, watch).start()
        self._open.push_async_callback(self.host.stop)
        files = await self._open.enter_async_context(HttpFiles(self.host.port))
        self.house = House(Way(lambda: connect_websocket(self.url), files, ROOT.public))
        self._open.push_async_callback(self.house.move_out)
        await self.house.move_in()

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.run(self._begin())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        try:
            self.run(self._open.aclose())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(SOON)
            self._loop.close()


__all__ = ["Stage", "Unable"]
