"""One client as its server serves it: a link, a connection, a session, and the limits of all three.

A client that breaks a limit is told so in the protocol's own words (`impl.transport.stream_errors`), unless there are
no keys yet, or none any more; then the link just closes. Only this client notices.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress

from impl.net.errors import LinkLost
from impl.net.limits import Limits, TokenBucket
from impl.net.link import Link
from impl.net.session import Accept, Session, StreamFailure
from impl.transport import keepalive, stream_errors
from impl.transport.connection import STREAM_END, Ended, Opened, Received, ServerConnection, ServerEvent
from impl.transport.errors import ConnectionFailed
from impl.wire.nodes import Node

log = logging.getLogger(__name__)


class Stream:
    """The Outlet of its session. `why` it is over is empty until then."""

    def __init__(self, link: Link, connection: ServerConnection, accept: Accept, limits: Limits) -> None:
        self._link, self._connection, self._accept, self._limits = link, connection, accept, limits
        self._session: Session | None = None
        self._clock = asyncio.get_running_loop().time
        self._bucket = TokenBucket(limits.rate, limits.burst, self._clock())
        self._deadline = self._clock() + limits.handshake
        self._alarm = asyncio.get_running_loop().call_at(self._deadline, self._watch)
        self._waiting: deque[bytes] = deque()
        self._backlog = 0
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self.why = ""

    async def run(self) -> None:
        """Until either side ends it, which `closed` of the session is told."""
        reading, writing = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        try:
            await self._over.wait()
        finally:
            self._end("the server stops")
            self._alarm.cancel()
            reading.cancel()
            self._tell_session()
            await asyncio.wait([writing], timeout=self._limits.farewell)
            writing.cancel()
            await self._link.close()

    def _tell_session(self) -> None:
        try:
            if self._session is not None:
                self._session.closed(self.why)
        except Exception:
            log.exception("a session failed to close")

    def send(self, node: Node, replies: int = 0) -> None:
        self._bucket.give(replies)
        if self.why:
            return
        if self._backlog >= self._limits.backlog:
            self._end("does not read what it is told", stream_errors.TOO_SLOW)
        else:
            self._say(node)

    def end(self, *nodes: Node, why: str = "sent away") -> None:
        self._end(why, *nodes)

    def _end(self, why: str, *last: Node) -> None:
        """Says what is left to say; whoever is first says why."""
        if self.why:
            return
        self.why = why
        with suppress(ConnectionFailed):  # before there are keys, or after they have failed, there is no way to say it
            for node in (*last, STREAM_END):
                self._say(node)
        self._over.set()
        self._changed.set()

    def _say(self, node: Node) -> None:
        self._connection.send(node)
        self._flush()

    def _flush(self) -> None:
        """One message for each piece, for clients that know no more than one frame a message."""
        piece = self._connection.take()
        if piece:
            self._waiting.append(piece)
            self._backlog += len(piece)
            self._changed.set()

    async def _write(self) -> None:
        """Returns when the last word is out, or the link is lost."""
        try:
            while self._waiting or not self.why:
                self._changed.clear()
                while self._waiting:
                    piece = self._waiting.popleft()
                    await self._link.send(piece)
                    self._backlog -= len(piece)
                if not self.why:
                    await self._changed.wait()
        except LinkLost as error:
            self._end(str(error))

    async def _read(self) -> None:
        try:
            while (data := await self._link.receive()) is not None:
                for event in self._connection.receive(data):
                    self._take(event)
                    if self.why:
                        return
                self._flush()
            self._end("the client has gone")
        except LinkLost as error:
            self._end(str(error))
        except ConnectionFailed as error:
            self._end(str(error), stream_errors.NOT_WELL_FORMED)
        except StreamFailure as failure:
            self._end(failure.why, *failure.nodes)
        except Exception as error:
            log.exception("a session failed")
            self._end(f"a fault of the server: {error!r}", stream_errors.INTERNAL)

    def _watch(self) -> None:
        """One alarm for many deadlines: whoever says something only moves the next one."""
        if self._clock() < self._deadline:
            self._alarm = asyncio.get_running_loop().call_at(self._deadline, self._watch)
        else:
            self._end("too silent", stream_errors.SILENT)

    def _take(self, event: ServerEvent) -> None:
        match event:
            case Opened():
                self._flush()
                self._deadline = self._clock() + self._limits.idle
                self._alarm.cancel()
                self._watch()
                self._session = self._accept(event, self)
            case Received(node):
                self._heard(node)
            case Ended():
                self._end("the client has said goodbye")

    def _heard(self, node: Node) -> None:
        now = self._clock()
        self._deadline = now + self._limits.idle
        if not self._bucket.take(now):
            self._end("says too much at once", stream_errors.TOO_FAST)
        elif keepalive.is_ping(node):
            self.send(keepalive.pong(node))
        elif self._session is not None:
            self._session.received(node)
