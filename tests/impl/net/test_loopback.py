"""Nobody leaves this machine, whatever is asked for."""

import asyncio

import pytest
from aiohttp import web

from impl.net.errors import LinkLost, NetError, NotLoopback
from impl.net.line import ClientLine
from impl.net.link import connect_tcp, connect_websocket
from impl.net.loopback import HOST, loopback, session
from impl.transport.connection import ClientConnection
from tests.impl.net.served import LOGIN
from tests.impl.transport.sides import CLIENT, ENTROPY, NOW, ROOT


@pytest.mark.parametrize(
    "url",
    [
        "ws://web.example/ws/chat",
        "wss://127.0.0.1/ws/chat",
        "http://127.0.0.1/",
        "ws://127.0.0.1.example/",
        "ws://127.0.0.1@web.example/",
        "ws:///ws",
        "ws://[::1",
        "",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(NotLoopback):
        asyncio.run(connect_websocket(url))


def test_localhost_is_this_machine() -> None:
    assert str(loopback("ws://localhost:5000/ws/chat", "ws")) == f"ws://{HOST}:5000/ws/chat"


@pytest.mark.parametrize("target", ["http://192.0.2.1/", "http://web.example/"])
def test_a_redirect_leads_nowhere(target: str) -> None:
    async def redirect(_: web.Request) -> web.Response:
        raise web.HTTPFound(target)

    async def ask() -> None:
        app = web.Application()
        app.add_routes([web.get("/", redirect)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        port = runner.addresses[0][1]
        try:
            async with session(5) as http:
                with pytest.raises(NotLoopback):
                    await http.get(f"http://{HOST}:{port}/")
            with pytest.raises(NetError):
                await connect_websocket(f"ws://{HOST}:{port}/")
        finally:
            await runner.cleanup()

    asyncio.run(ask())


async def silent(patience: float) -> None:
    server = await asyncio.start_server(lambda reader, writer: reader.read(), HOST, 0)
    async with server:
        connection = ClientConnection.open(CLIENT, LOGIN, ENTROPY, ROOT.public, NOW)
        await ClientLine.open(await connect_tcp(server.sockets[0].getsockname()[1]), connection, patience=patience)


def test_nobody_answers() -> None:
    with pytest.raises(LinkLost, match=r"nobody answers at ws://127.0.0.1:1/"):
        asyncio.run(connect_websocket("ws://127.0.0.1:1/"))
    with pytest.raises(LinkLost, match=r"nobody answers at 127.0.0.1:1"):
        asyncio.run(connect_tcp(1))
    with pytest.raises(LinkLost, match=r"the server says nothing for 0.1 s"):
        asyncio.run(silent(0.1))
