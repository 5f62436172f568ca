"""`pentad serve` in a thread of its own, for clients that are processes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from rich.console import Console

from impl.serve.house import House
from impl.serve.root import ROOT
from impl.serve.run import Plan, Serving
from impl.serve.transcript import Said, load
from impl.serve.wishes import grant
from impl.server import Server

T = TypeVar("T")

TIME = 60.0
SOON = 20.0
"""Seconds until what should happen has."""


class Stage:
    """With a context: from the household's moving in to the end. The transcript is written into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._transcript = folder / "transcript.jsonl"
        self._serving = Serving(Plan(port=0, transcript=self._transcript), Console(quiet=True))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open = AsyncExitStack()

    @property
    def house(self) -> House:
        return self._serving.house

    @property
    def server(self) -> Server:
        return self._serving.host.server

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._serving.host.port}/ws/chat"

    @property
    def root(self) -> bytes:
        return ROOT.public

    @property
    def said(self) -> list[Said]:
        """Every stanza so far."""
        return [entry for entry in load(self._transcript) if isinstance(entry, Said)]

    def tell(self, wish: str) -> Sequence[str]:
        """What `pentad tell` would, in the same words. Raises Unable."""
        return self.run(grant(self.house, wish))

    def settle(self, name: str, user: str) -> None:
        """Somebody moves in, with a phone; whoever had that number before has it no longer."""

        async def settle() -> None:
            self.house.settle(name, user)

        self.run(settle())

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

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.run(self._open.enter_async_context(self._serving.running()))
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
