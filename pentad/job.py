"""What a command found, from its first line on the terminal to the report that it leaves."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import typer

from fuzz.errors import FuzzError
from model.language import ModelError
from pentad.options import OUT
from pentad.terminal import banner, out, remark, say
from properties.evidence.part import Part, evidence
from reports.evidence import FILE, Engine, NotChecked, load
from reports.folder import write
from reports.terminal import legend, summary, tabled, told

WEAKENED = OUT / "weakened"  # apart: no verdict about less than all of it is merged with one about the protocol


@dataclass
class Job:
    """One command: what it found, and the folder where that goes."""

    directory: Path
    scope: str
    seed: int
    merges: bool
    parts: list[Part] = field(default_factory=list)
    failed: bool = False
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)  # fails before the work, not after it
        self.older = load(self.directory) if self.merges and (self.directory / FILE).exists() else None
        banner(f"scope {self.scope}", f"seed {self.seed}")

    def finish(self, tables: bool = False) -> None:
        """Show what was found, store it, and exit: 0 if all of it holds, else 1."""
        found = evidence(
            self.parts,
            tool_version=version("pentad"),
            command=shlex.join(["pentad", *sys.argv[1:]]),
            started=self.started,
            seconds=time.monotonic() - self.began,
            seed=self.seed,
        )
        for finding in found.findings:
            out.print()
            for line in told(finding, self.directory):
                say(line)
        for table in tabled(found) if tables else ():
            out.print()
            out.print(table)
        out.print()
        out.print(summary(found))
        out.print(legend())
        page = write(self.older.merge(found) if self.older else found, self.directory)
        say(f"report: {page}")
        raise typer.Exit(2 if self.failed else found.exit_code())

    def add(self, engine: Engine, work: Callable[[], Part]) -> None:
        """Do the work, unless an engine before was interrupted. One that cannot do it costs no other its results."""
        if any(part.interrupted for part in self.parts):
            return
        try:
            self.parts.append(work())
        except (ModelError, FuzzError) as error:
            remark(f"{engine}: {error}")
            self.parts.append(Part(not_checked=[NotChecked(f"All that {engine} was to check", str(error), engine)]))
            self.failed = True


def begin(directory: Path | None, scope: str, seed: int = 0, weakened: bool = False, merges: bool = True) -> Job:
    """A job in this folder, or in the usual one for the protocol, or for less than it."""
    return Job(directory or (WEAKENED if weakened else OUT), scope, seed, merges and not weakened)
