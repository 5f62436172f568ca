"""The demonstration from beginning to end: what is seen of it, and what it comes to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.live import Live
from rich.text import Text

from impl.demo import table
from impl.demo.errors import DemoError
from impl.demo.script import CAST, script
from impl.demo.stage import Plan, PlayedStage
from impl.demo.verdict import Verdict, holdings

TABLE_EVERY = 0.25
LINE_EVERY = 5.0
"""Seconds, on a terminal and where there is none."""


def demonstrate(plan: Plan, folder: Path | None, out: Console) -> Verdict:
    """Shows it all on `out`; the stores stay in `folder`, or nowhere. Raises DemoError unless that is new or empty."""
    if folder is None:
        with TemporaryDirectory(prefix="pentad-") as temporary:
            return demonstrate(plan, Path(temporary), out)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise DemoError(f"{folder} is not empty; choose another folder for the stores")
    if plan.transcript is not None:
        plan.transcript.write_bytes(b"")  # fails before the work, not after it; the server's processes go on with it
    began = time.monotonic()
    verdict = asyncio.run(Show(plan, folder, out).play())
    seconds = time.monotonic() - began
    out.print(table.summary(verdict))
    out.print(Text(f"{len(verdict.said):,} messages in {seconds:.1f} s, {len(verdict.said) / seconds:,.0f} a second"))
    out.print(Text(verdict.sentence))
    return verdict


class Show:
    """One run of the script."""

    def __init__(self, plan: Plan, folder: Path, out: Console) -> None:
        self._plan = plan
        self._folder = folder
        self._out = out

    async def play(self) -> Verdict:
        """Plays until the end, or until it is interrupted; no process is left then."""
        why = None
        try:
            async with asyncio.TaskGroup() as group:
                stage = PlayedStage(self._plan, self._folder, group, self._say)
                try:
                    async with self._shown(stage):
                        await self._play(stage)
                finally:
                    await stage.close()
        except* DemoError as error:
            why = str(error.exceptions[0])
        except* asyncio.CancelledError:
            why = "interrupted"
        return Verdict(tuple(holdings(self._folder, role.name) for role in CAST), self._plan.messages, why)

    async def _play(self, stage: PlayedStage) -> None:
        await stage.open()
        troubling = asyncio.create_task(stage.trouble())
        try:
            for step in script(self._plan.messages):
                self._say(step.what)
                await step.play(stage)
        finally:
            troubling.cancel()
        self._say("everything arrives")
        await stage.settle()

    def _say(self, line: str) -> None:
        self._out.print(Text(line))

    @asynccontextmanager
    async def _shown(self, stage: PlayedStage) -> AsyncIterator[None]:
        showing = asyncio.create_task(self._show(stage))
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.wait([showing])

    async def _show(self, stage: PlayedStage) -> None:
        if not self._out.is_terminal:
            while True:
                await asyncio.sleep(LINE_EVERY)
                self._out.print(Text(table.line(stage)))
        with Live(console=self._out, auto_refresh=False, get_renderable=lambda: table.live(stage)) as live:
            while True:
                live.refresh()
                await asyncio.sleep(TABLE_EVERY)
