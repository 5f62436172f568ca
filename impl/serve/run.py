"""A running server, from its start to Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from impl.dialogue import Client
from impl.net.http import HttpFiles
from impl.net.limits import Limits
from impl.net.link import connect_websocket
from impl.net.station import Way
from impl.serve.cast import ALICE
from impl.serve.control import QR, control_routes
from impl.serve.errors import Unable
from impl.serve.host import Host
from impl.serve.house import House
from impl.serve.keyboard import typing
from impl.serve.resident import now
from impl.serve.root import ROOT
from impl.serve.transcript import Direction, Opened, Said, Transcript
from impl.serve.view import View
from impl.serve.wishes import grant
from impl.server import Server
from impl.wire.nodes import Node

REFRESH = 0.25
"""Seconds between two looks of the screen."""

PORT = 7355


@dataclass(frozen=True)
class Plan:
    """`auto`: the phone links whoever posts a QR. `record`: the transcript has what our devices read, in the clear."""

    port: int = PORT
    auto: bool = False
    transcript: Path | None = None
    record: bool = False
    tcp_port: int | None = None
    limits: Limits = Limits()  # noqa: RUF009


class Serving:
    """One server with its household."""

    def __init__(self, plan: Plan, out: Console) -> None:
        self._plan = plan
        self._out = out
        self._transcript: Transcript | None = None
        self._read: dict[str, int] = {}
        routes = control_routes(self._grant, plan.auto)
        self.host = Host(Server(clock=now), now, self._saw, self._left, plan.limits, routes)
        self.house: House
        self._view: View

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serves as long as this lasts. Raises PortInUse, Unable, OSError."""
        with ExitStack() as files:
            if self._plan.transcript is not None:
                file = files.enter_context(self._plan.transcript.open("w", encoding="utf-8"))
                self._transcript = Transcript(file)
            await self.host.start(self._plan.port, self._plan.tcp_port)
            try:
                async with HttpFiles(self.host.port) as http:
                    url = f"ws://127.0.0.1:{self.host.port}/ws/chat"
                    self.house = House(Way(lambda: connect_websocket(url), http, ROOT.public), self._changed)
                    self._view = View(self.house, self.host.desk, self._line)
                    try:
                        await self.house.move_in()
                        yield
                    finally:
                        await self.house.move_out()
            finally:
                await self.host.stop()

    async def serve(self) -> None:
        """Until Ctrl-C."""
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, over.set)
        async with self.running():
            for line in self._greeting():
                self._out.print(Text(line))
            if self._out.is_terminal:
                await self._show(over)
            else:
                await over.wait()

    async def _show(self, over: asyncio.Event) -> None:
        async with typing(self._typed) as lines:
            console = asyncio.create_task(self._answer(lines))
            with Live(console=self._out, auto_refresh=False, get_renderable=self._view.render) as live:
                while not over.is_set():
                    live.refresh()
                    await asyncio.sleep(REFRESH)
            console.cancel()

    async def _answer(self, lines: asyncio.Queue[str]) -> None:
        while True:
            words = await lines.get()
            self._view.answers.append(f"> {words}")
            try:
                self._view.answers.extend(await self._grant(words))
            except Unable as unable:
                self._view.answers.append(str(unable))

    async def _grant(self, words: str) -> Sequence[str]:
        return await grant(self.house, words)

    def _typed(self, typed: str) -> None:
        self._view.typed = typed

    def _greeting(self) -> list[str]:
        port = self.host.port
        auto = [f"or, by the client   POST its QR to http://127.0.0.1:{port}{QR}"] if self._plan.auto else []
        return [
            f"clients connect to  ws://127.0.0.1:{port}/ws/chat",
            f"files are at        http://127.0.0.1:{port}",
            f"certificates' root  {ROOT.public.hex()}",
            f"to link a client    pentad scan --port {port} TEXT-OF-ITS-QR (or a picture of it, or its code)",
            *auto,
            f"to code with        the phone number is {ALICE.user}",
            f"to say something    pentad tell --port {port} send bob alice Hello; `pentad tell help` has the rest",
        ]

    def _saw(self, client: Client, direction: Direction, node: Node) -> None:
        said = Said(time.time(), self._view.name(client), direction, node)
        self._view.saw(client, said)
        if self._transcript is not None:
            self._transcript.add(said)

    def _left(self, client: Client, why: str) -> None:
        self._view.left(client, why)

    def _changed(self) -> None:
        """Writes down what ours have read since."""
        if self._transcript is None or not self._plan.record:
            return
        for name, resident in self.house.residents.items():
            messages = list(resident.client.device.conversation)
            for message in messages[self._read.get(name, 0) :]:
                self._transcript.add(Opened(time.time(), name, self.house.told(message)))
            self._read[name] = len(messages)

    def _line(self, line: str) -> None:
        if not self._out.is_terminal:
            self._out.print(Text(line))


def serve(plan: Plan, out: Console) -> None:
    """Until Ctrl-C. Raises PortInUse, Unable, OSError."""
    asyncio.run(Serving(plan, out).serve())
