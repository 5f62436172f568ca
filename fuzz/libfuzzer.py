"""libFuzzer as a process: how it is started on one target, and what its output says."""

from __future__ import annotations

import os
import re
import resource
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import fuzz
from fuzz.errors import FuzzError
from fuzz.targets import Target

ROOT = Path(fuzz.__file__).parents[1]
DICTIONARIES = Path(fuzz.__file__).with_name("dictionaries")

HANG = 5
"""Seconds of wall-clock time after which libFuzzer gives up on an input."""

RESIDENT_LIMIT = 1024
"""MiB of resident memory that the process may take for itself."""

OVERRUN = 1.5
"""Seconds that starting takes, and by which libFuzzer rounds its time up."""

# libFuzzer leaves out figures that are zero.
_STATUS = re.compile(r"#(\d+)\s+(\w+)\s+(?:cov: (\d+) )?(?:ft: (\d+) )?(?:corp: (\d+)/\S+ )?")


@dataclass(frozen=True)
class TargetRun:
    """How far one target got: inputs tried, edges and features covered, inputs worth keeping, wall-clock seconds."""

    target: str
    seeds: int
    inputs: int = 0
    edges: int = 0
    features: int = 0
    corpus: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> int:
        return round(self.inputs / self.seconds) if self.seconds else 0

    def after(self, line: str) -> TargetRun:
        """What a line of libFuzzer's output adds. FuzzError if coverage is seen to be blind."""
        if (status := _STATUS.match(line)) is None:
            return self
        inputs, edges, features, corpus = (int(status[i] or 0) for i in (1, 3, 4, 5))
        if status[2] == "INITED" and corpus < 2:
            raise FuzzError(
                f"{self.target}: coverage does not grow beyond the first of {self.seeds} seeds; "
                "were the decoders imported before instrumentation?"
            )
        return replace(self, inputs=inputs, edges=edges, features=features, corpus=corpus)


def command(target: Target, folder: Path, seconds: float, seed: int, fault: str) -> list[str]:
    """Fuzzes for about so many seconds; `folder` holds `seeds`, and `corpus` and `artifacts` to be filled."""
    return [
        *module("fuzz.child"),
        target.name,
        fault,
        str(folder / "seeds"),
        f"-max_total_time={max(1, int(seconds - OVERRUN))}",
        f"-seed={seed}",
        f"-max_len={target.max_len}",
        f"-timeout={HANG}",
        f"-rss_limit_mb={RESIDENT_LIMIT + inherited()}",
        f"-dict={DICTIONARIES / target.dictionary}.dict",
        f"-artifact_prefix={folder / 'artifacts'}{os.sep}",
        str(folder / "corpus"),
    ]


def inherited() -> int:
    """MiB that Linux counts as the peak of a process from its start: the peak of who started it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def module(name: str) -> list[str]:
    """Runs a module of this very tree, whatever the current folder holds."""
    return [sys.executable, "-P", "-m", name]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}
