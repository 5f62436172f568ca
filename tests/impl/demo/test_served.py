"""Both ends of a connection, by the frames that they exchange."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import pytest
from msgspec import Raw

from impl.address import Address
from impl.demo import wire
from impl.demo.batch import Asked, Batch
from impl.demo.connection import Connection
from impl.demo.served import Served
from impl.demo.wire import Answered, Answers, Asks, Outcome, Push
from impl.dialogue import (
    Acknowledge,
    Client,
    CountPrekeys,
    DevicesChanged,
    Done,
    Entry,
    Receipt,
    Request,
    SendReceipts,
    Upload,
    ask,
)
from impl.wire.errors import DecodeError

ALICE, WEB = Address("alice", 0), Address("alice", 1)
COUNT = Raw(wire.encode(CountPrekeys()))


class Wire:
    """A line that keeps what it is given."""

    def __init__(self) -> None:
        self.frames: list[Any] = []

    def send(self, frame: bytes) -> None:
        self.frames.append(wire.from_server(frame[wire.HEADER :]))


class Counting:
    """Performs by counting."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, client: Client, requests: list[Request[Any]]) -> tuple[Outcome, ...]:
        self.done += len(requests)
        return tuple(Answered(Raw(wire.encode(self.done))) for _ in requests)


async def fed(served: Served, *asks: Asks) -> None:
    reader = asyncio.StreamReader()
    for each in asks:
        reader.feed_data(wire.framed(each))
    reader.feed_eof()
    with pytest.raises(EOFError):
        await served.listen(reader)


def test_a_repeated_batch_is_done_again_and_a_late_one_is_not() -> None:
    async def scene() -> None:
        line, perform = Wire(), Counting()
        served = Served(ALICE, cast(Any, line), perform, [])
        await fed(served, Asks(1, (COUNT,)), Asks(1, (COUNT,)), Asks(2, (COUNT,)), Asks(1, (COUNT,)))
        assert [each.batch for each in line.frames] == [1, 1, 2]
        assert perform.done == 3
        with pytest.raises(DecodeError):
            await fed(served, Asks(4, (COUNT,)))

    asyncio.run(scene())


def test_a_mailbox_is_pushed_in_order_until_it_is_acknowledged() -> None:
    async def scene() -> None:
        line = Wire()
        entries = [Entry(number, DevicesChanged("alice")) for number in range(1, 101)]
        served = Served(ALICE, cast(Any, line), Counting(), entries[:70])
        pushing = asyncio.create_task(served.push())
        while len(line.frames) < 3:
            await asyncio.sleep(0.01)
        for entry in entries[70:]:
            served.arrived(entry)
        first = line.frames[0]
        assert isinstance(first, Push) and all(each == first for each in line.frames)
        await fed(served, Asks(1, (Raw(wire.encode(Acknowledge(tuple(each.number for each in first.entries)))),)))
        while line.frames[-1].batch < 2 or not isinstance(line.frames[-1], Push):
            await asyncio.sleep(0.01)
        assert [*first.entries, *line.frames[-1].entries] == entries
        pushing.cancel()

    asyncio.run(scene())


def test_a_client_asks_until_it_is_answered_and_takes_each_push_once() -> None:
    async def scene() -> None:
        asked: list[Asks] = []
        line = cast(Any, type("Line", (), {"send": lambda self, frame: asked.append(understood(frame))})())
        connection = Connection(line)
        reader = asyncio.StreamReader()
        tasks = [asyncio.create_task(connection.speak()), asyncio.create_task(connection.listen(reader))]
        answer = asyncio.create_task(connection.run(ask(CountPrekeys())))
        while len(asked) < 2:
            await asyncio.sleep(0.01)
        assert asked[0] == asked[1] and connection.patience.repeats
        push = Push(1, (Entry(1, DevicesChanged("alice")),))
        for frame in (Answers(0, ()), push, Answers(1, (Answered(Raw(wire.encode(5))),)), push, Answers(1, ())):
            reader.feed_data(wire.framed(frame))
        assert await answer == 5
        assert await connection.entries() == push.entries
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.entries(), 0.05)
        for task in tasks:
            task.cancel()

    asyncio.run(scene())


def understood(frame: bytes) -> Asks:
    asks = wire.from_client(frame[wire.HEADER :])
    assert isinstance(asks, Asks)
    return asks


def test_receipts_and_acknowledgements_travel_together_and_files_alone() -> None:
    async def scene() -> None:
        receipts = [Receipt(each, ALICE, WEB, "delivered") for each in "ab"]
        requests: list[Request[Any]] = [
            SendReceipts((receipts[0],)),
            Acknowledge((1,)),
            SendReceipts((receipts[1],)),
            Acknowledge((2,)),
            Upload("/a", b"blob"),
            CountPrekeys(),
        ]
        loop = asyncio.get_running_loop()
        waiting = deque(Asked(request, [loop.create_future()]) for request in requests)
        futures = [each.answers[0] for each in waiting]
        batches = [Batch.of(waiting) for _ in range(3)]
        assert [[each.request for each in batch.asked] for batch in batches] == [
            [SendReceipts(tuple(receipts)), Acknowledge((1, 2))],
            [Upload("/a", b"blob")],
            [CountPrekeys()],
        ]
        batches[0].settle((Answered(Raw(wire.encode(Done()))),) * 2)
        assert [future.done() for future in futures] == [True] * 4 + [False] * 2
        with pytest.raises(DecodeError):
            batches[1].settle(())

    asyncio.run(scene())
