"""Clients that follow no rules, on a running server: their connection ends and says why, and nobody else notices."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from impl.companion import Companion
from impl.crypto.keys import KeyPair
from impl.net.limits import Limits
from impl.net.link import Link, connect_websocket
from impl.serve.control import tell
from impl.serve.resident import now
from impl.serve.root import ROOT
from impl.serve.run import Plan, Serving
from impl.transport.connection import ClientConnection
from impl.transport.framing import PROLOGUE, frame
from impl.transport.registration import introduce
from impl.wire.client_payload import Login
from impl.wire.nodes import Node
from tests.impl.serve.served import serving
from tests.impl.serve.test_run import texts, until

SHORT = replace(Limits(), handshake=1)
IMPATIENT = replace(SHORT, idle=1.5)


class Intruder:
    """A new companion, as far as the server can tell; `ended` once the server has closed."""

    def __init__(self, link: Link, connection: ClientConnection) -> None:
        self.link, self.connection = link, connection

    async def say(self, *nodes: Node) -> None:
        for node in nodes:
            self.connection.send(node)
        await self.link.send(self.connection.take())

    async def last_words(self) -> list[str]:
        """The tags and codes that it is told until the server closes."""
        try:
            return await self._heard()
        finally:
            await self.link.close()

    async def _heard(self) -> list[str]:
        told = []
        while (data := await self.link.receive()) is not None:
            for event in self.connection.receive(data):
                node = getattr(event, "node", None)
                if node is not None:
                    told.append(f"{node.tag} {node.attrs.get('code', '')}".strip())
        return told


async def link_to(served: Serving) -> Link:
    return await connect_websocket(f"ws://127.0.0.1:{served.host.port}/ws/chat")


async def intruder(served: Serving) -> Intruder:
    link, device = await link_to(served), Companion.create(os.urandom, now())
    said = introduce(device.bundle(), device.props, (2, 1, 1))
    connection = ClientConnection.open(KeyPair.generate(os.urandom), said, os.urandom, ROOT.public, now())
    await link.send(connection.take())
    list(connection.receive(await link.receive() or b""))
    await link.send(connection.take())
    list(connection.receive(await link.receive() or b""))
    return Intruder(link, connection)


async def closed(link: Link) -> list[str]:
    assert await link.receive() is None
    await link.close()
    return []


async def no_hello(served: Serving) -> list[str]:
    link = await link_to(served)
    await link.send(os.urandom(1000))
    return await closed(link)


async def half_a_frame(served: Serving) -> list[str]:
    link = await link_to(served)
    await link.send(PROLOGUE + b"\x00\x01")
    return await closed(link)


async def nothing(served: Serving) -> list[str]:
    return await (await intruder(served)).last_words()


async def garbage(served: Serving) -> list[str]:
    one = await intruder(served)
    await one.link.send(frame(os.urandom(500)))
    return await one.last_words()


async def out_of_order(served: Serving) -> list[str]:
    one = await intruder(served)
    await one.say(
        Node("iq", {"id": "1", "type": "get", "xmlns": "encrypt"}, (Node("count"),)),
        Node("iq", {"id": "2", "type": "result"}, (Node("pair-device-sign"),)),
        Node("ack", {"class": "message", "id": "3"}),
        Node("success"),
    )
    return await one.last_words()


async def flood(served: Serving) -> list[str]:
    one = await intruder(served)
    for _ in range(100):
        await one.say(*[Node("presence", {"type": "available"})] * 100)
    return await one.last_words()


async def in_the_name_of_alice(served: Serving) -> list[str]:
    link = await link_to(served)
    login = Login(15550001001, 0)
    connection = ClientConnection.open(KeyPair.generate(os.urandom), login, os.urandom, ROOT.public, now())
    await link.send(connection.take())
    list(connection.receive(await link.receive() or b""))
    await link.send(connection.take())
    return await Intruder(link, connection).last_words()


@pytest.mark.parametrize(
    ("misbehave", "last_word", "line"),
    [
        (no_hello, None, None),  # nobody was there yet, for the view
        (half_a_frame, None, None),
        (nothing, "stream:error 503", "is gone: too silent"),
        (garbage, None, "is gone: tag"),
        (out_of_order, "stream:error 500", "is gone: <success>: nothing that is said here"),
        (flood, "stream:error 503", "is gone: says too much at once"),
        (in_the_name_of_alice, "failure", None),
    ],
)
def test_nobody_else_notices(
    misbehave: Callable[[Serving], Awaitable[list[str]]], last_word: str | None, line: str | None
) -> None:
    async def evening() -> str:
        out = io.StringIO()
        limits = IMPATIENT if misbehave is nothing else SHORT
        async with serving(Plan(limits=limits), out) as served:
            before = [each.station.connections for each in served.house.residents.values()]
            async with asyncio.timeout(20):
                told = await misbehave(served)
            assert (told[-1] if told else None) == last_word
            await tell(served.host.port, "send bob alice 'Did you hear that?'")
            await until(lambda: texts(served, "alice-web")[-1] == "Did you hear that?")
            # who waits for the server to lose patience makes our own connect anew, who say something every 25 s
            after = [each.station.connections for each in served.house.residents.values()]
            assert misbehave is nothing or before == after
        return out.getvalue()

    shown = asyncio.run(evening())
    assert line is None or line in shown
