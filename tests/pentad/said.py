"""What command lines did, run here or as a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).parents[2]


class Said:
    """What a command line did: exit code, stdout, stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def complaint(self) -> str:
        """The one line of bad usage."""
        assert self.code == 2, (self.code, self.out, self.err)
        assert self.err.count("\n") == 1 and self.err.startswith("pentad: ")
        assert "Traceback" not in self.err
        return self.err.removeprefix("pentad: ").rstrip()


Run = Callable[..., Said]


def process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "pentad", *arguments, cwd=cwd, environment=environment)


def python(
    *arguments: str, cwd: Path, environment: Mapping[str, str] = MappingProxyType({}), timeout: int = 120, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Python as a process that finds this code; `how` is as `subprocess.run` takes it."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **how,
    )
