"""A link carries bytes both ways, in order, as pieces whose borders mean nothing: over WebSocket, or over TCP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Protocol

from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web

from impl.net.errors import LinkLost
from impl.net.loopback import HOST, loopback, session

GOODBYE = 1.0
"""Seconds for the other side to notice that we close; then we are gone."""

PIECE = 1 << 16
MESSAGE_LIMIT = (1 << 24) + (1 << 10)
"""Bytes of a WebSocket message: the longest frame fits."""


class Link(Protocol):
    async def receive(self) -> bytes | None:
        """The next bytes, None once the other side has closed. Raises LinkLost."""

    async def send(self, data: bytes) -> None:
        """Returns when there is room for more; what is sent by several is sent in the order of the calls. LinkLost."""

    async def close(self) -> None:
        """Soon, whatever the other side does."""

    def cut(self) -> None:
        """At once and without a word, as a cable would; `receive` and `send` notice."""


class WebSocketLink:
    """Binary messages; a text message is the end. `release` frees what is below, without waiting for anybody."""

    def __init__(
        self, socket: ClientWebSocketResponse | web.WebSocketResponse, release: Callable[[], Awaitable[None]]
    ) -> None:
        self._socket, self._release = socket, release

    async def receive(self) -> bytes | None:
        message = await self._socket.receive()
        if message.type is WSMsgType.BINARY:
            data: bytes = message.data
            return data
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
            return None
        if message.type is WSMsgType.TEXT:
            raise LinkLost("a text message, where only binary ones are said")
        raise LinkLost(f"the WebSocket breaks: {message.data}")

    async def send(self, data: bytes) -> None:
        try:
            await self._socket.send_bytes(data)
        except (ClientError, OSError, RuntimeError) as error:
            raise LinkLost("the WebSocket is closed") from error

    async def close(self) -> None:
        try:
            with suppress(TimeoutError, ClientError, OSError, RuntimeError):
                async with asyncio.timeout(GOODBYE):
                    await self._socket.close()
        finally:
            await self._release()

    def cut(self) -> None:
        below = self._socket.get_extra_info("socket")
        if below is not None:
            with suppress(OSError):
                below.shutdown(SHUT_RDWR)


class TcpLink:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def receive(self) -> bytes | None:
        try:
            return await self._reader.read(PIECE) or None
        except OSError as error:
            raise LinkLost("the connection breaks") from error

    async def send(self, data: bytes) -> None:
        if self._writer.is_closing():
            raise LinkLost("the connection is closed")
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            raise LinkLost("the connection breaks") from error

    async def close(self) -> None:
        self._writer.close()
        try:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(GOODBYE):
                    await self._writer.wait_closed()
        finally:
            self._writer.transport.abort()

    def cut(self) -> None:
        self._writer.transport.abort()


async def connect_websocket(url: str) -> Link:
    """Raises NotLoopback, LinkLost."""
    target, http = loopback(url, "ws"), session()
    try:
        socket = await http.ws_connect(target, max_msg_size=MESSAGE_LIMIT)
    except WSServerHandshakeError as error:
        await http.close()
        raise LinkLost(f"{target} answers {error.status}, which is no WebSocket") from error
    except (ClientError, OSError) as error:
        await http.close()
        raise LinkLost(f"nobody answers at {target}") from error
    except BaseException:
        await http.close()
        raise
    return WebSocketLink(socket, http.close)


async def connect_tcp(port: int) -> Link:
    """Raises LinkLost."""
    try:
        return TcpLink(*await asyncio.open_connection(HOST, port))
    except OSError as error:
        raise LinkLost(f"nobody answers at {HOST}:{port}") from error
