"""The server's side: one port for everything, and a second one for clients that speak plain TCP.

Any path of the first port becomes a WebSocket if that is asked for; all others are the given `routes`, of files for
one. Both listen on the loopback address only.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterable
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.net.errors import PortInUse
from impl.net.limits import Limits
from impl.net.link import Link, TcpLink, WebSocketLink
from impl.net.loopback import HOST
from impl.net.session import Accept
from impl.net.stream import Stream
from impl.transport import stream_errors
from impl.transport.connection import ServerConnection

_UNAVAILABLE = {errno.EADDRINUSE: "is taken", errno.EACCES: "is reserved"}


class Endpoint:
    """Listens from `start` to `stop`. `static` is the Noise key that the encoded `chain` certifies."""

    def __init__(
        self,
        static: KeyPair,
        chain: bytes,
        accept: Accept,
        routes: Iterable[web.AbstractRouteDef] = (),
        limits: Limits = Limits(),  # noqa: B008
        entropy: Entropy = os.urandom,
    ) -> None:
        self._static, self._chain, self._accept, self._entropy = static, chain, accept, entropy
        self._limits = limits
        self._streams: dict[Stream, asyncio.Task[None]] = {}
        self._tcp: asyncio.Server | None = None
        app = web.Application(middlewares=[self._upgrades()])
        app.add_routes(routes)
        self._runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=limits.handshake, shutdown_timeout=1, handle_signals=False
        )
        self.port = self.tcp_port = 0

    @property
    def connections(self) -> int:
        return len(self._streams)

    async def start(self, port: int = 0, tcp_port: int | None = None) -> Self:
        """Port 0 is any that is free. Raises PortInUse, and then nothing listens."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, port).start()
            self.port = self._runner.addresses[0][1]
            if tcp_port is not None:
                port = tcp_port
                self._tcp = await asyncio.start_server(self._accept_tcp, HOST, tcp_port)
                self.tcp_port = self._tcp.sockets[0].getsockname()[1]
        except OSError as error:
            await self.stop()
            if error.errno not in _UNAVAILABLE:
                raise
            raise PortInUse(f"port {port} of {HOST} {_UNAVAILABLE[error.errno]}; name another one") from error
        return self

    async def stop(self) -> None:
        """Takes no more connections, and sends everybody away."""
        for site in self._runner.sites:
            await site.stop()
        if self._tcp is not None:
            self._tcp.close()
        for stream in self._streams:
            stream.end(stream_errors.SHUTDOWN, why="the server stops")
        if self._streams:
            await asyncio.wait(self._streams.values())
        await self._runner.cleanup()

    def _upgrades(self) -> Middleware:
        @web.middleware
        async def upgrade(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._accept_websocket(request)
            return await handler(request)

        return upgrade

    async def _accept_websocket(self, request: web.Request) -> web.StreamResponse:
        if self.connections >= self._limits.connections:
            raise web.HTTPServiceUnavailable(text="too many connections")
        socket = web.WebSocketResponse(compress=False, max_msg_size=self._limits.message)
        await socket.prepare(request)

        async def release() -> None:
            if request.transport is not None:
                request.transport.abort()

        await self._serve(WebSocketLink(socket, release))
        return socket

    async def _accept_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = TcpLink(reader, writer)
        if self.connections >= self._limits.connections:
            await link.close()
        else:
            await self._serve(link)

    async def _serve(self, link: Link) -> None:
        connection = ServerConnection(self._static, self._chain, self._entropy)
        stream = Stream(link, connection, self._accept, self._limits)
        task = self._streams[stream] = asyncio.create_task(stream.run())
        try:
            await task
        finally:
            del self._streams[stream]
