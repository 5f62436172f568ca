"""An endpoint on a free port of this machine whose sessions write down what they hear, and clients of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from impl.connected import Outlet
from impl.net.endpoint import Endpoint
from impl.net.limits import Limits
from impl.net.line import ClientLine
from impl.net.link import Link, connect_tcp, connect_websocket
from impl.transport.certificates import TrustedServer
from impl.transport.connection import ClientConnection, Opened
from impl.wire.client_payload import Login
from impl.wire.nodes import Node
from tests.impl.transport.sides import CHAIN, CLIENT, ENTROPY, NOW, ROOT, SERVER

LOGIN = Login(15550001001, 3)
PATIENCE = 5.0
HELLO, BYE = Node("hello"), Node("bye")


@dataclass
class Recorder:
    """A session; what `reply` makes of a node goes back."""

    opened: Opened
    outlet: Outlet
    reply: Callable[[Node], Node | None]
    heard: list[Node] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    def received(self, node: Node) -> None:
        self.heard.append(node)
        answer = self.reply(node)
        if answer is not None:
            self.outlet.send(answer)

    def closed(self, why: str) -> None:
        self.why.append(why)


@dataclass
class Host:
    """The endpoint, and the sessions that it has accepted in order."""

    reply: Callable[[Node], Node | None] = lambda node: node
    sessions: list[Recorder] = field(default_factory=list)
    endpoint: Endpoint = field(init=False)

    def accept(self, opened: Opened, outlet: Outlet) -> Recorder:
        self.sessions.append(Recorder(opened, outlet, self.reply))
        return self.sessions[-1]

    async def link(self) -> Link:
        return await connect_websocket(f"ws://127.0.0.1:{self.endpoint.port}/ws/chat")

    async def tcp(self) -> Link:
        return await connect_tcp(self.endpoint.tcp_port)

    async def ended(self, number: int = 0) -> str:
        """Why the session of this number is over."""
        await until(lambda: len(self.sessions) > number and bool(self.sessions[number].why))
        return self.sessions[number].why[0]


@asynccontextmanager
async def hosted(limits: Limits = Limits(), **host: Callable[[Node], Node | None]) -> AsyncIterator[Host]:  # noqa: B008
    served = Host(**host)
    served.endpoint = Endpoint(SERVER, CHAIN, served.accept, limits=limits)
    await served.endpoint.start(tcp_port=0)
    try:
        yield served
    finally:
        await served.endpoint.stop()


async def line(link: Link, known: TrustedServer | None = None, **times: float) -> ClientLine:
    connection = ClientConnection.open(CLIENT, LOGIN, ENTROPY, ROOT.public, NOW, known)
    return await ClientLine.open(link, connection, **times)


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not reached():
            await asyncio.sleep(0.005)
