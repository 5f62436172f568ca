"""Other people's model checkers, as processes: what Spin and Rumur count of a model that was exported for them.

Each generates a C program, which is compiled and run. Counts are made comparable here: Spin's transitions include
the first state, Rumur's do not.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NEEDED = {"spin": ("spin", "gcc"), "rumur": ("rumur", "gcc")}
INSTALL = "make model-checkers"
FASTEST = ("--pack-state=off", "--scalarset-schedules=off")  # of Rumur, as measured: a quarter less time


class NotThere(Exception):
    """A model checker that is not installed: says how it would be."""


class CheckerFailed(Exception):
    """A model checker that did not read the model, or did not finish: its last words."""


@dataclass(frozen=True)
class Run:
    """A process that has ended: seconds of wall time and of all processors, the most memory that was resident."""

    seconds: float
    cpu_seconds: float
    memory_bytes: int
    said: str


@dataclass(frozen=True)
class Count:
    """What a checker has found. `transitions` count every move that is possible in a state, once for each state."""

    states: int
    transitions: int
    holds: bool
    compile_seconds: float
    run: Run


def needed(checker: str) -> None:
    """NotThere unless the checker and its compiler are."""
    if missing := [tool for tool in NEEDED[checker] if not shutil.which(tool)]:
        raise NotThere(f"{checker} was not asked, for want of {' and '.join(missing)}; `{INSTALL}` installs it")


def spin(
    text: str,
    folder: Path,
    defines: Sequence[str] = ("-DSAFETY", "-DMEMLIM=8000", "-DNOREDUCE"),
    options: Sequence[str] = ("-m100000",),
    optimize: str = "-O2",
    generate: Sequence[str] = ("-o2",),
) -> Count:
    """Spin on a Promela model. Dead variables stay (-o2), or it would count fewer states than there are."""
    needed("spin")
    (folder / "model.pml").write_text(text, encoding="utf-8")
    compiled = _took(["spin", "-a", *generate, "model.pml"], folder)
    compiled += _took(["gcc", "-w", optimize, *defines, "-o", "pan", "pan.c"], folder)
    done = measured(["./pan", "-E", "-n", *options], folder)
    said = done.said
    if "max search depth too small" in said or ("Search not completed" in said and "errors: 0" in said):
        raise CheckerFailed(f"spin did not finish: {said.strip()[-500:]}")
    stored, all_of_them = _number(r"(\S+) states, stored", said), _number(r"(\S+) transitions \(", said)
    return Count(stored, all_of_them - 1, "errors: 0" in said, compiled, done)


def rumur(
    text: str, folder: Path, symmetry: str = "off", threads: int = 1, optimize: Sequence[str] = ("-O2", "-march=native")
) -> Count:
    """Rumur on a Murphi model; `symmetry` is off, heuristic or exhaustive: only the last counts orbits exactly."""
    needed("rumur")
    (folder / "model.m").write_text(text, encoding="utf-8")
    options = [f"--symmetry-reduction={symmetry}", f"--threads={threads}", "--deadlock-detection=off", *FASTEST]
    compiled = _took(["rumur", *options, "--output", "model.c", "model.m"], folder)
    compiled += _took(["gcc", "-w", *optimize, "-o", "check", "model.c", "-lpthread"], folder)
    done = measured(["./check"], folder)
    found = re.search(r"(\d+) states, (\d+) rules fired", done.said)
    if not found:
        raise CheckerFailed(f"rumur did not finish: {done.said.strip()[-500:]}")
    return Count(int(found[1]), int(found[2]), "No error found" in done.said, compiled, done)


def _number(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    if not found:
        raise CheckerFailed(f"spin did not finish: {said.strip()[-500:]}")
    return int(float(found[1]))  # of large numbers Spin tells the first eight digits


def _took(command: Sequence[str], folder: Path) -> float:
    """Seconds of wall time. CheckerFailed with what the command said if it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CheckerFailed(f"{command[0]}: {(done.stdout + done.stderr).strip()[-500:]}")
    return time.perf_counter() - began


def measured(command: Sequence[str], folder: Path) -> Run:
    """Runs a command to its end, whatever it exits with."""
    with (folder / "said").open("w+", encoding="utf-8") as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=said, stderr=subprocess.STDOUT)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said.read())


def _environment() -> Mapping[str, str]:
    return {**os.environ, "LC_ALL": "C"}
