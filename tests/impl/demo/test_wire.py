"""Frames: what one end says the other understands, and nothing else gets any further than a DecodeError."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from msgspec import Raw, Struct

from impl.address import Address
from impl.demo import wire
from impl.demo.wire import Answered, Answers, Asks, End, Hello, Push, Refusal
from impl.dialogue import (
    Acknowledge,
    CountPrekeys,
    Delivery,
    Devices,
    Done,
    Download,
    Entry,
    FetchBundles,
    FetchDevices,
    OneTimePrekey,
    PublishPrekeys,
    Request,
)
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from impl.wire.errors import DecodeError

ALICE, WEB = Address("alice", 0), Address("alice", 1)
BUNDLE = PrekeyBundle(7, bytes(32), 1, bytes(32), bytes(64), 2, bytes(32))
REQUESTS: list[Request[Any]] = [
    Acknowledge((1, 2)),
    PublishPrekeys(BUNDLE, (OneTimePrekey(3, bytes(32)),)),
    FetchDevices(("alice",)),
]
FRAMES: list[Struct] = [
    Hello(ALICE),
    Hello(bytes(32)),
    Asks(3, tuple(Raw(wire.encode(each)) for each in REQUESTS)),
]
ANSWERS: list[Struct] = [
    Answers(3, (Answered(Raw(wire.encode(5))), Refusal(404, "gone"))),
    Push(1, (Entry(9, Delivery(Stanza("id", ALICE, WEB, "message", "msg", b"body"))),)),
    End("why"),
]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda value: type(value).__name__)
def test_what_a_client_says_is_understood(frame: Struct) -> None:
    assert wire.from_client(content(frame)) == frame


@pytest.mark.parametrize("frame", ANSWERS, ids=lambda value: type(value).__name__)
def test_what_the_server_says_is_understood(frame: Struct) -> None:
    assert wire.from_server(content(frame)) == frame


def test_every_request_has_an_answer_of_its_own_type() -> None:
    for asked in REQUESTS:
        assert wire.request(wire.encode(asked)) == asked
    for asked, answer in [
        (CountPrekeys(), 5),
        (Acknowledge(()), Done()),
        (Download("/a"), b"blob"),
        (FetchDevices(()), {"alice": Devices(())}),
        (FetchBundles(()), ((WEB, BUNDLE),)),
    ]:
        assert wire.answer(asked, wire.encode(answer)) == answer
    with pytest.raises(DecodeError):
        wire.answer(CountPrekeys(), wire.encode("five"))


def test_whatever_arrives_is_understood_or_refused() -> None:
    random = Random(7)
    sound = [content(frame) for frame in (*FRAMES, *ANSWERS)] + [wire.encode(each) for each in REQUESTS]
    for _ in range(20_000):
        data = bytearray(random.choice(sound))
        for _ in range(random.randint(1, 4)):
            data[random.randrange(len(data))] = random.randrange(256)
        for decode in (wire.from_client, wire.from_server, wire.request):
            with suppress(DecodeError):
                decode(bytes(data[: random.randint(1, len(data))]))


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(DecodeError):
        wire.from_client(b"\x91" * 100_000)


@pytest.mark.parametrize("length", [0, wire.LIMIT + 1, (1 << 32) - 1])
def test_a_frame_of_no_sensible_length_is_refused_before_it_is_read(length: int) -> None:
    async def reading() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(length.to_bytes(wire.HEADER))
        return await wire.read(reader)

    with pytest.raises(DecodeError, match=str(length)):
        asyncio.run(reading())


def test_nothing_is_framed_that_nobody_would_read() -> None:
    with pytest.raises(DecodeError):
        wire.framed(End("." * wire.LIMIT))


def content(frame: Struct) -> bytes:
    return wire.framed(frame)[wire.HEADER :]
