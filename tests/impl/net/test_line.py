"""A line and an endpoint talk, over WebSocket and over TCP."""

import asyncio

import pytest

from impl.net.limits import Limits
from impl.transport.certificates import TrustedServer
from impl.wire.nodes import Node
from tests.impl.net.served import BYE, HELLO, LOGIN, Host, hosted, line
from tests.impl.transport.sides import BEGIN, CLIENT, END, KNOWN, STRANGER

FORMER = TrustedServer(STRANGER.public, BEGIN, END)


class Slow:
    """A link on which sending takes for ever, once it is `slow`."""

    def __init__(self, link):
        self.link, self.slow, self.closed = link, False, False

    async def receive(self):
        return await self.link.receive()

    async def send(self, data):
        await (asyncio.Event().wait() if self.slow else self.link.send(data))

    async def close(self):
        self.closed = True
        await self.link.close()


@pytest.mark.parametrize("way", [Host.link, Host.tcp], ids=["websocket", "tcp"])
@pytest.mark.parametrize("known", [None, KNOWN, FORMER], ids=["XX", "IK", "XXfallback"])
def test_what_is_said_is_answered_in_order(way, known):
    async def talk():
        async with hosted() as host:
            client = await line(await way(host), known)
            assert client.server == KNOWN
            said = [Node("message", {"id": str(number)}, bytes(number)) for number in range(100)]
            for node in said:
                await client.send(node)
            assert [await client.receive() for _ in said] == said
            (session,) = host.sessions
            assert (session.opened.noise, session.opened.payload) == (CLIENT.public, LOGIN)
            assert session.opened.proven == (known is not KNOWN)
            await client.close()
            assert await host.ended() == "the client has said goodbye"

    asyncio.run(talk())


def test_the_server_says_something_last():
    async def talk():
        async with hosted() as host:
            client = await line(await host.link())
            await client.send(HELLO)
            assert await client.receive() == HELLO
            host.sessions[0].outlet.end(BYE, why="enough")
            assert [node async for node in client][-1] == BYE
            assert client.why == "the server has closed"
            assert await host.ended() == "enough"

    asyncio.run(talk())


def test_a_goodbye_that_is_cut_short_closes_all_the_same():
    async def talk():
        async with hosted() as host:
            link = Slow(await host.link())
            client = await line(link)
            link.slow = True
            closing = asyncio.create_task(client.close())
            await asyncio.sleep(0)
            closing.cancel()
            await asyncio.wait([closing])
            assert link.closed

    asyncio.run(talk())


def test_a_ping_that_nobody_answers(monkeypatch):
    monkeypatch.setattr("impl.transport.keepalive.is_ping", lambda node: False)

    async def talk():
        async with hosted(reply=lambda node: None) as host:
            client = await line(await host.link(), ping_every=100, patience=0.1)
            async with asyncio.timeout(5):
                assert await client.receive() is None
            assert client.why == "no answer to a ping for 0.1 s"
            (ping,) = host.sessions[0].heard
            assert (ping.tag, ping.attrs["xmlns"], ping.attrs["type"]) == ("iq", "w:p", "get")

    asyncio.run(talk())


def test_who_pings_is_not_too_silent():
    async def talk():
        async with hosted(Limits(idle=0.2)) as host:
            client = await line(await host.link(), ping_every=0.05, patience=0.3)
            reading = asyncio.create_task(client.receive())
            await asyncio.sleep(0.7)
            await client.send(HELLO)
            assert await reading == HELLO
            assert host.sessions[0].heard == [HELLO]

    asyncio.run(talk())


@pytest.mark.parametrize("way", [Host.link, Host.tcp], ids=["websocket", "tcp"])
def test_both_sides_notice_a_cut(way):
    async def talk():
        async with hosted() as host:
            link = await way(host)
            client = await line(link)
            await client.send(HELLO)
            assert await client.receive() == HELLO
            link.cut()
            assert await client.receive() is None and client.why
            assert await host.ended() in ("the client has gone", "the connection breaks")

    asyncio.run(talk())
