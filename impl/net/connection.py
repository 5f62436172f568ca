"""Flows of a client on one line: their requests as stanzas, or by HTTP where files are meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from impl.client import Client
from impl.connected import Arrived, ClientSession, Over, Ready, corrected
from impl.dialogue import (
    Declined,
    DeleteBlob,
    Done,
    Download,
    DownloadFile,
    Entry,
    FetchBackup,
    Flow,
    RegisterPhone,
    Request,
    StoreBackup,
    Upload,
    UploadFile,
)
from impl.net.conversation import Ended, answered
from impl.net.credentials import Credentials
from impl.net.http import HttpFiles
from impl.net.line import ClientLine
from impl.transport.registration import introduce_phone
from impl.wire.nodes import Node

T = TypeVar("T")

BY_HTTP = Upload | UploadFile | Download | DownloadFile | DeleteBlob | RegisterPhone | StoreBackup | FetchBackup

TOGETHER = 16
"""Stanzas that are said in one piece; the server has limits for one."""


class Connection:
    """A line, and the flows that run on it side by side."""

    def __init__(self, line: ClientLine, client: Client, files: HttpFiles, credentials: Credentials) -> None:
        self._line = line
        self._files = files
        self._credentials = credentials
        self._session = ClientSession(client.name, self._outgoing_put)
        self._outgoing: asyncio.Queue[Node] = asyncio.Queue()
        self._entries: asyncio.Queue[Entry] = asyncio.Queue()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open: set[asyncio.Future[Any]] = set()
        self._over = False

    async def ready(self) -> None:
        """Returns once the server has let us in. Raises Declined."""
        await self._ready

    async def entries(self) -> list[Entry]:
        """The next entries of the mailbox: all that have arrived, at least one. `handled` is to follow."""
        entries = [await self._entries.get()]
        while not self._entries.empty():
            entries.append(self._entries.get_nowait())
        return entries

    def handled(self, entries: Sequence[Entry]) -> None:
        for _ in entries:
            self._entries.task_done()

    async def run(self, flow: Flow[T], request: Request[Any] | None = None) -> T:
        """See `Conversation`."""
        return await answered(corrected(flow, self._session.own, request), self._ask)

    async def speak(self) -> None:
        while True:
            nodes = [await self._outgoing.get()]
            while not self._outgoing.empty() and len(nodes) < TOGETHER:
                nodes.append(self._outgoing.get_nowait())
            await self._line.send(*nodes)

    async def listen(self) -> None:
        """Until the server ends the connection, and what it had said is handled. Raises Ended."""
        code, what, why = 0, "", ""
        async for node in self._line:
            for happening in self._session.received(node):
                match happening:
                    case Ready():
                        self._let_in(None)
                    case Arrived(entry):
                        self._entries.put_nowait(entry)
                    case Over(code, what):
                        why = f"{code}: {what}"
        if not self._ready.done() and why:
            self._let_in(Declined(code, what))
            return
        self.lost()
        await self._entries.join()
        raise Ended(why or self._line.why)

    def lost(self) -> None:
        """Whoever waits for an answer, or asks from now on, gets none."""
        self._over = True
        for future in list(self._open):
            if not future.done():
                future.set_exception(Ended("the connection is over"))
                future.exception()  # whoever waited may be gone, too

    def _let_in(self, declined: Declined | None) -> None:
        if self._ready.done():
            return
        if declined is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(declined)

    def _outgoing_put(self, node: Node) -> None:
        self._outgoing.put_nowait(node)

    async def _ask(self, request: Request[Any]) -> Any:
        if isinstance(request, BY_HTTP):
            return await self._ask_by_http(request)
        if self._over:
            raise Ended("the connection is over")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open.add(answer)
        answer.add_done_callback(self._open.discard)

        def told(outcome: Any) -> None:
            if answer.done():
                return
            if isinstance(outcome, Declined):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        self._session.ask(request, told)
        return await answer

    async def _ask_by_http(self, request: Request[Any]) -> Any:
        """Raises Declined, LinkLost. A backup belongs to whoever holds the Noise key of the phone."""
        files, noise = self._files, self._credentials.noise.public
        match request:
            case Download(path):
                return await files.download(path)
            case FetchBackup():
                return await files.fetch_backup(noise.hex())
            case Upload(path, blob):
                await files.upload(path, blob)
            case UploadFile(path, file):
                await files.upload_file(path, Path(file))
            case DownloadFile(path, file):
                await files.download_file(path, Path(file))
            case DeleteBlob(path):
                await files.delete(path)
            case StoreBackup(file):
                await files.store_backup(noise.hex(), file)
            case RegisterPhone(user, bundle):
                await files.register(introduce_phone(user, bundle, noise))
        return Done()
