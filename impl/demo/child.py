"""A process of the demonstration, as the one that started it sees it: killed at any time, and begun again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from impl.demo import reports
from impl.demo.errors import DemoError
from impl.demo.reports import Report

PATIENCE = 5.0
"""Seconds that a process has to end once its standard input has."""


class Child:
    """Runs `module` with what `setup` says; every report goes to `told`."""

    def __init__(self, name: str, module: str, folder: Path, setup: Callable[[int], Struct]) -> None:
        """`setup` is asked at every start, and told how many there were before."""
        self.name = name
        self.kills = 0
        self.wanted = False
        self.told: Callable[[Report], None] = lambda report: None
        self.began: Callable[[], None] = lambda: None
        self._module = module
        self._log = folder / f"{name}.log"
        self._setup = setup
        self._starts = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def run(self) -> None:
        """Starts it, again whenever it was killed, as long as it is wanted. Raises DemoError if it ends by itself."""
        self.wanted = True
        while self.wanted:
            process = await self._start()
            self.began()
            assert process.stdout is not None
            while (line := await process.stdout.readline()).endswith(b"\n"):  # a kill may cut one short
                self.told(reports.report(line))
            status = await process.wait()
            if self.wanted and status != -signal.SIGKILL:
                raise DemoError(f"{self.name} has ended with {status}: {self._last_words()}")

    async def _start(self) -> asyncio.subprocess.Process:
        argument = reports.encode(self._setup(self._starts)).decode()
        self._starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, argument,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
                start_new_session=True,  # Ctrl-C is for us alone
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # the same code, wherever we are
            )  # fmt: skip
        return self._process

    def utter(self, wish: reports.Wish) -> None:
        """Lost if the process is just ending."""
        if self.running and self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(reports.encode(wish) + b"\n")

    def kill(self, counted: bool = False) -> None:
        """At once, whatever it does."""
        self.kills += counted
        if self._process is not None and self.running:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def stop(self, at_once: bool = False) -> None:
        """In order, and if that takes too long by force."""
        self.wanted = False
        if self._process is None or not self.running:
            return
        if at_once:
            self.kill()
        elif self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def _last_words(self) -> str:
        """The last error in the log, out of the frame that Python draws around those of a task group."""
        lines = [line.strip(" |") for line in self._log.read_text(errors="replace").splitlines()]
        return next((line for line in reversed(lines) if ": " in line), f"see {self._log}")
