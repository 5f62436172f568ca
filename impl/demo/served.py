"""A connected client as the server sees it: its requests come in batches, its mailbox is pushed in batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from impl.demo import wire
from impl.demo.faults import Line
from impl.demo.patience import Patience
from impl.demo.wire import Answers, Asks, Outcome, Push
from impl.dialogue import Acknowledge, Client, Entry, Request
from impl.wire.errors import DecodeError

MOST = 64
"""Entries pushed at a time."""

Perform = Callable[[Client, list[Request[Any]]], tuple[Outcome, ...]]


class Served:
    """`perform` does a batch of requests; `waiting` is the mailbox when the client connects."""

    def __init__(self, client: Client, line: Line, perform: Perform, waiting: list[Entry]) -> None:
        self.client = client
        self._line = line
        self._perform = perform
        self._batch = 0
        self._patience = Patience()
        self._queue = deque(waiting)
        self._arrived = asyncio.Event()
        self._under_way: set[int] = set()
        self._acknowledged: asyncio.Future[None] | None = None

    def arrived(self, entry: Entry) -> None:
        """One more in the mailbox."""
        self._queue.append(entry)
        self._arrived.set()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Does what it asks until the connection ends. Raises DecodeError, EOFError."""
        while True:
            match wire.from_client(await wire.read(reader)):
                case Asks(batch, requests):
                    self._take(batch, [wire.request(each) for each in requests])
                case other:
                    raise DecodeError(f"{type(other).__name__} after the beginning", "frame")

    def _take(self, batch: int, requests: list[Request[Any]]) -> None:
        """A repeated batch is done again, for its answers were lost; one before it came late and means nothing."""
        if batch > self._batch + 1:
            raise DecodeError(f"batch {batch} after {self._batch}", "asks")
        if batch < self._batch:
            return
        self._batch = batch
        self._line.send(wire.framed(Answers(batch, self._perform(self.client, requests))))
        for request in requests:
            if isinstance(request, Acknowledge):
                self._under_way -= {*request.entries}
        if self._acknowledged is not None and not self._under_way and not self._acknowledged.done():
            self._acknowledged.set_result(None)

    async def push(self) -> None:
        """Hands over the mailbox, batch after batch."""
        batch = 0
        while True:
            if not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
            entries = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
            self._under_way = {entry.number for entry in entries}
            self._acknowledged = asyncio.get_running_loop().create_future()
            batch += 1
            frame = wire.framed(Push(batch, tuple(entries)))
            await self._patience.until_answered(partial(self._line.send, frame), self._acknowledged)
