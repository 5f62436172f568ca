"""What a client may not do, what it is told then, and that nobody else notices."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random

import pytest
from aiohttp import ClientWebSocketResponse

from impl.net.errors import LinkLost
from impl.net.limits import Limits
from impl.net.link import Link, WebSocketLink
from impl.net.session import StreamFailure
from impl.transport import stream_errors
from impl.transport.connection import ClientConnection, Connected
from impl.transport.framing import PROLOGUE, frame
from impl.wire.nodes import Node
from tests.impl.net.served import BYE, HELLO, LOGIN, Host, hosted, line, until
from tests.impl.transport.sides import CLIENT, ENTROPY, KNOWN, NOW, ROOT

WAYS = pytest.mark.parametrize("way", [Host.link, Host.tcp], ids=["websocket", "tcp"])
SHORT = Limits(handshake=0.2, idle=0.2)
BIG = Node("big", {}, Random(0).randbytes(1 << 16))


async def gone(link: Link) -> None:
    """The other side closes."""
    try:
        async with asyncio.timeout(5):
            while await link.receive() is not None:
                pass
    except LinkLost:
        pass


async def met(link: Link) -> ClientConnection:
    """A connection whose client does only what a test says."""
    connection = ClientConnection.open(CLIENT, LOGIN, ENTROPY, ROOT.public, NOW)
    await link.send(connection.take())
    told = await link.receive()
    assert told is not None
    assert list(connection.receive(told)) == [Connected(KNOWN)]
    await link.send(connection.take())
    return connection


def beside_another(limits: Limits, misbehave: Callable[[Host], Awaitable[None]], **host: object) -> None:
    """Somebody talks before and after, over the same connection."""

    async def talk() -> None:
        async with hosted(limits, **host) as served:
            other = await line(await served.link(), ping_every=0.05)
            talking = asyncio.create_task(other.receive())
            await until(lambda: len(served.sessions) == 1)
            await misbehave(served)
            await other.send(HELLO)
            async with asyncio.timeout(5):
                assert await talking == HELLO
            assert not served.sessions[0].why
            await other.close()

    asyncio.run(talk())


@WAYS
@pytest.mark.parametrize("said", [b"garbage", PROLOGUE + bytes(3), PROLOGUE + frame(b"no hello"), b"\x00" * 5000])
def test_garbage(way: Callable[[Host], Awaitable[Link]], said: bytes) -> None:
    async def misbehave(host: Host) -> None:
        link = await way(host)
        await link.send(said)
        await gone(link)
        await link.close()
        assert len(host.sessions) == 1

    beside_another(Limits(), misbehave)


@WAYS
@pytest.mark.parametrize("said", [b"", b"WA", PROLOGUE + b"\x00\x00\x40half of it"], ids=["nothing", "half", "frame"])
def test_half_a_frame_then_silence(way: Callable[[Host], Awaitable[Link]], said: bytes) -> None:
    async def misbehave(host: Host) -> None:
        link = await way(host)
        await link.send(said or b"W")
        await gone(link)
        await link.close()
        await until(lambda: host.endpoint.connections == 1)

    beside_another(SHORT, misbehave)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"], ids=["nothing", "half a request"])
def test_silence_before_there_is_a_websocket(said: bytes) -> None:
    async def misbehave(host: Host) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", host.endpoint.port)
        writer.write(said)
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()

    beside_another(SHORT, misbehave)


def test_a_text_message() -> None:
    async def misbehave(host: Host) -> None:
        link = await host.link()
        assert isinstance(link, WebSocketLink)
        await met(link)
        assert isinstance(link._socket, ClientWebSocketResponse)
        await link._socket.send_str("hello")
        assert await host.ended(1) == "a text message, where only binary ones are said"
        await link.close()

    beside_another(Limits(), misbehave)


def test_a_message_that_is_too_long() -> None:
    async def misbehave(host: Host) -> None:
        link = await host.link()
        connection = await met(link)
        connection.send(Node("message", {}, bytes(6000)))
        await link.send(connection.take())
        assert "exceeds limit 5000" in await host.ended(1)
        await link.close()

    beside_another(Limits(message=5000), misbehave)


@WAYS
def test_a_node_that_is_none(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        client = await line(await way(host))
        channel = client._connection._channel
        assert channel is not None
        await client._link.send(frame(channel.seal(b"\x00\x00")))
        assert [node async for node in client][-1] == stream_errors.NOT_WELL_FORMED
        assert await host.ended(1) == "decode: node: an empty list"

    beside_another(Limits(), misbehave)


@WAYS
def test_a_flood(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        client = await line(await way(host), ping_every=100)
        told = asyncio.create_task(everything(client))
        for _ in range(100):
            await client.send(HELLO)
        heard = await told
        assert heard[-1] == stream_errors.TOO_FAST
        assert heard.count(HELLO) <= 61
        assert await host.ended(1) == "says too much at once"

    beside_another(Limits(burst=60, rate=30), misbehave)


def test_replies_to_what_one_is_told_are_no_flood() -> None:
    async def behave(host: Host) -> None:
        client = await line(await host.link(), ping_every=100)
        await until(lambda: len(host.sessions) == 2)
        for _ in range(100):
            host.sessions[1].outlet.send(HELLO, replies=1)
            assert await client.receive() == HELLO
            await client.send(BYE)
        await until(lambda: host.sessions[1].heard.count(BYE) == 100)
        await client.close()

    beside_another(Limits(burst=60, rate=30), behave, reply=lambda node: node if node == HELLO else None)


async def everything(client: object) -> list[Node]:
    return [node async for node in client]  # type: ignore[attr-defined]


@WAYS
def test_somebody_who_does_not_read(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        link = await way(host)
        await met(link)
        await until(lambda: len(host.sessions) == 2)
        for _ in range(500):
            host.sessions[1].outlet.send(BIG)
            await asyncio.sleep(0)
        assert await host.ended(1) == "does not read what it is told"
        await until(lambda: host.endpoint.connections == 1)
        await link.close()

    beside_another(Limits(backlog=1 << 20, farewell=0.1), misbehave)


@WAYS
def test_whoever_reads_may_be_told_much(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        client = await line(await way(host), ping_every=100)
        await until(lambda: len(host.sessions) == 2)
        for _ in range(40):
            host.sessions[1].outlet.send(BIG)
            assert await client.receive() == BIG
        await client.close()

    beside_another(Limits(backlog=1 << 20), misbehave)


@WAYS
def test_somebody_who_says_nothing(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        client = await line(await way(host), ping_every=100)
        assert [node async for node in client] == [stream_errors.SILENT]
        assert await host.ended(1) == "too silent"

    beside_another(SHORT, misbehave)


@WAYS
def test_one_too_many(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        second = await line(await host.tcp())
        with pytest.raises(LinkLost):
            await line(await way(host))
        await second.close()
        await until(lambda: host.endpoint.connections == 1)
        third = await line(await way(host))
        await third.close()

    beside_another(Limits(connections=2), misbehave)


@WAYS
def test_somebody_who_is_suddenly_gone(way: Callable[[Host], Awaitable[Link]]) -> None:
    async def misbehave(host: Host) -> None:
        link = await way(host)
        await met(link)
        await until(lambda: len(host.sessions) == 2)
        await link.close()
        assert await host.ended(1) == "the client has gone"

    beside_another(Limits(), misbehave)


def test_a_session_sends_its_client_away() -> None:
    def reply(node: Node) -> Node | None:
        if node == BYE:
            raise StreamFailure("unlinked", stream_errors.stream_error("401", "conflict"))
        return node

    async def misbehave(host: Host) -> None:
        client = await line(await host.link())
        await client.send(HELLO)
        await client.send(BYE)
        await client.send(HELLO)
        assert [node async for node in client] == [HELLO, stream_errors.stream_error("401", "conflict")]
        assert await host.ended(1) == "unlinked"
        assert host.sessions[1].heard == [HELLO, BYE]

    beside_another(Limits(), misbehave, reply=reply)


def test_nobody_is_accepted_against_the_will_of_the_server() -> None:
    async def talk() -> None:
        async with hosted() as host:
            failure = Node("failure", {"reason": "401"})

            def accept(*_: object) -> None:
                raise StreamFailure("nobody knows it", failure)

            host.endpoint._accept = accept  # type: ignore[assignment]
            client = await line(await host.link())
            assert [node async for node in client] == [failure]

    asyncio.run(talk())


def test_a_fault_of_the_server_ends_one_connection(caplog: pytest.LogCaptureFixture) -> None:
    def reply(node: Node) -> Node | None:
        if node == BYE:
            raise KeyError("oops")
        return node

    async def misbehave(host: Host) -> None:
        client = await line(await host.link())
        await client.send(BYE)
        assert [node async for node in client] == [stream_errors.INTERNAL]
        assert await host.ended(1) == "a fault of the server: KeyError('oops')"

    with caplog.at_level(logging.ERROR):
        beside_another(Limits(), misbehave, reply=reply)
    assert "oops" in caplog.text
