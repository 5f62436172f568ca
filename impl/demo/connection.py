"""A client's end of a connection: requests in batches, each said until it is answered; mailbox entries in order."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import Any, TypeVar

from impl.demo import wire
from impl.demo.batch import Asked, Batch
from impl.demo.faults import Line
from impl.demo.patience import Patience
from impl.demo.wire import Answers, End, Outcome, Push
from impl.dialogue import Entry, Flow, Request
from impl.net.conversation import Ended, answered

T = TypeVar("T")


class Connection:
    """One batch of requests is under way at a time, so they arrive in the order in which they were made."""

    def __init__(self, line: Line) -> None:
        self.patience = Patience()
        self._line = line
        self._waiting: deque[Asked] = deque()
        self._asked = asyncio.Event()
        self._batch = 0
        self._answers: asyncio.Future[tuple[Outcome, ...]] | None = None
        self._pushes: asyncio.Queue[tuple[Entry, ...]] = asyncio.Queue()
        self._pushed = 0

    async def entries(self) -> tuple[Entry, ...]:
        """The next entries of the mailbox, oldest first."""
        return await self._pushes.get()

    async def run(self, flow: Flow[T], request: Request[Any] | None = None) -> T:
        """See `Conversation`."""
        return await answered(flow, self._ask, request)

    async def _ask(self, request: Request[Any]) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(Asked(request, [answer]))
        self._asked.set()
        return await answer

    async def speak(self) -> None:
        """Sends what is asked, batch after batch. Raises DecodeError."""
        while True:
            await self._asked.wait()
            await asyncio.sleep(0)  # whoever can go on asks, too
            batch = Batch.of(self._waiting)
            if not self._waiting:
                self._asked.clear()
            self._batch += 1
            self._answers = asyncio.get_running_loop().create_future()
            say = partial(self._line.send, batch.numbered(self._batch))
            batch.settle(await self.patience.until_answered(say, self._answers))

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Takes what the server says until the connection ends. Raises Ended, DecodeError, EOFError."""
        while True:
            match wire.from_server(await wire.read(reader)):
                case Answers(batch, outcomes):
                    if batch == self._batch and self._answers is not None and not self._answers.done():
                        self._answers.set_result(outcomes)
                case Push(batch, entries):
                    if batch == self._pushed + 1:
                        self._pushed = batch
                        self._pushes.put_nowait(entries)
                case End(why):
                    raise Ended(why)
