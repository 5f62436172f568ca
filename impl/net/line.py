"""The client's side: a link on which nodes are said and heard, and which notices when nobody is there any more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import count
from typing import Self

from impl.net.errors import LinkLost
from impl.net.link import Link
from impl.transport import keepalive
from impl.transport.certificates import TrustedServer
from impl.transport.connection import ClientConnection, ClientEvent, Connected, Ended, Received
from impl.transport.errors import ConnectionFailed
from impl.wire.nodes import Node

KEEPALIVE = 25.0
PATIENCE = 20.0
"""Seconds from one ping to the next, and for an answer: to the handshake, or to a ping."""


class ClientLine:
    """One connection to a server that has proved to be `server`. Iterating gives its nodes until `why` it is over.

    Somebody has to iterate all the time: that is also how answers to pings are noticed.
    """

    def __init__(self, link: Link, connection: ClientConnection, patience: float) -> None:
        """Use `open`."""
        self._link, self._connection, self._patience = link, connection, patience
        self._events: Iterator[ClientEvent] = iter(())
        self._ids = count(1)
        self._prefix = os.urandom(4).hex()
        self._asked: dict[str, asyncio.TimerHandle] = {}
        self._pinging: asyncio.Task[None] | None = None
        self._giving_up: asyncio.Task[None] | None = None
        self.server: TrustedServer
        self.why = ""

    @classmethod
    async def open(
        cls, link: Link, connection: ClientConnection, ping_every: float = KEEPALIVE, patience: float = PATIENCE
    ) -> Self:
        """Shakes hands; the link closes if that fails. Raises LinkLost, ConnectionFailed."""
        line = cls(link, connection, patience)
        try:
            async with asyncio.timeout(patience):
                await link.send(connection.take())
                event = await line._next()
                if not isinstance(event, Connected):
                    raise LinkLost("the server closes during the handshake")
                line.server = event.server
                await link.send(connection.take())
        except TimeoutError as error:
            await link.close()
            raise LinkLost(f"the server says nothing for {patience} s") from error
        except BaseException:
            await link.close()
            raise
        line._pinging = asyncio.create_task(line._ping(ping_every))
        return line

    async def send(self, *nodes: Node) -> None:
        """In one piece. Raises LinkLost; ConnectionFailed "size" for what fits no frame."""
        for node in nodes:
            self._connection.send(node)
        await self._link.send(self._connection.take())

    async def __aiter__(self) -> AsyncIterator[Node]:
        while (node := await self.receive()) is not None:
            yield node

    async def receive(self) -> Node | None:
        """The next node; None once it is over, whatever the reason, which `why` tells."""
        while not self.why:
            try:
                event = await self._next()
            except (LinkLost, ConnectionFailed) as error:
                await self.close(str(error))
                return None
            match event:
                case Received(node) if not self._answers_ping(node):
                    return node
                case Ended() | None:
                    await self.close("the server has closed")
        return None

    async def close(self, why: str = "closed") -> None:
        """Says goodbye if that is still possible."""
        if self.why:
            return
        self.why = why
        for timer in self._asked.values():
            timer.cancel()
        if self._pinging is not None and self._pinging is not asyncio.current_task():
            self._pinging.cancel()
        try:
            with suppress(LinkLost, ConnectionFailed):
                self._connection.end()
                await self._link.send(self._connection.take())
        finally:
            await self._link.close()

    async def _next(self) -> ClientEvent | None:
        """What was heard next, None if the server has closed."""
        while True:
            for event in self._events:
                return event
            data = await self._link.receive()
            if data is None:
                return None
            self._events = self._connection.receive(data)

    async def _ping(self, every: float) -> None:
        """Once at once: a server that is met again knows with it that this is no replay."""
        with suppress(LinkLost, ConnectionFailed):
            while True:
                id = f"{self._prefix}-{next(self._ids)}"
                self._asked[id] = asyncio.get_running_loop().call_later(self._patience, self._give_up)
                await self.send(keepalive.ping(id))
                await asyncio.sleep(every)

    def _give_up(self) -> None:
        self._giving_up = asyncio.create_task(self.close(f"no answer to a ping for {self._patience} s"))

    def _answers_ping(self, node: Node) -> bool:
        timer = self._asked.pop(str(node.attrs.get("id")), None) if node.tag == "iq" else None
        if timer is not None:
            timer.cancel()
        return timer is not None
