"""A line and an endpoint talk, over WebSocket and over TCP."""

import asyncio

import pytest

from impl.transport.certificates import TrustedServer
from impl.wire.nodes import Node
from tests.impl.net.served import BYE, HELLO, LOGIN, Host, hosted, line
from tests.impl.transport.sides import BEGIN, CLIENT, END, KNOWN, STRANGER

FORMER = TrustedServer(STRANGER.public, BEGIN, END)


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
