"""An endpoint begins and stops."""

import asyncio

import pytest

from impl.net.endpoint import Endpoint
from impl.net.errors import LinkLost, PortInUse
from impl.net.link import connect_websocket
from impl.transport import stream_errors
from tests.impl.net.served import Host, hosted, line, until
from tests.impl.transport.sides import CHAIN, SERVER


@pytest.mark.parametrize("tcp", [False, True], ids=["port", "tcp port"])
def test_a_port_that_is_taken(tcp: bool) -> None:
    async def talk() -> None:
        async with hosted() as host:
            taken = host.endpoint.port
            second = Endpoint(SERVER, CHAIN, host.accept)
            with pytest.raises(PortInUse, match=f"^port {taken} of 127.0.0.1 is taken; name another one$"):
                await (second.start(tcp_port=taken) if tcp else second.start(taken))
            if tcp:
                with pytest.raises(LinkLost):
                    await connect_websocket(f"ws://127.0.0.1:{second.port}/")

    asyncio.run(talk())


def test_it_stops_and_says_so() -> None:
    async def talk() -> None:
        async with hosted() as host:
            clients = [await line(await way(host)) for way in (Host.link, Host.tcp)]
            await until(lambda: len(host.sessions) == 2)
            reading = [asyncio.create_task(client.receive()) for client in clients]
            async with asyncio.timeout(5):
                await host.endpoint.stop()
            assert [await read for read in reading] == [stream_errors.SHUTDOWN] * 2
            assert [await client.receive() for client in clients] == [None] * 2
            assert [session.why for session in host.sessions] == [["the server stops"]] * 2
            assert host.endpoint.connections == 0

    asyncio.run(talk())


def test_whoever_runs_it_may_be_interrupted() -> None:
    async def talk() -> None:
        async with hosted() as host:
            await line(await host.link())
            await line(await host.tcp())
            await until(lambda: len(host.sessions) == 2)
            for task in host.endpoint._streams.values():
                task.cancel()
            assert [await host.ended(number) for number in (0, 1)] == ["the server stops"] * 2

    asyncio.run(talk())
