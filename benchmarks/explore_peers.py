"""The same exported model for everybody: Pentad, Spin and Rumur count its states, each as fast as it can.

Counts must be equal, or the benchmark fails. What a checker does before it visits a state is apart from the search:
generating and compiling, for us grounding and compiling, and, in a fresh process (cold), starting Python. `cpu` is what
the search takes of all processors. Memory is the most that was resident, for us with Python and all libraries;
`kept` is what states and tables take of it, by our own count and by Spin's.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, log2
from pathlib import Path
from typing import Any

from model.export.murphi import murphi
from model.export.promela import promela
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.exploration.checkers import CheckerFailed, Count, NotThere, measured, rumur, spin

SCOPES = ("contact", *(f"users=1,devices={n},lists=1,messages=0" for n in (5, 6, 7)))
WARM = 3  # more searches of ours in the same process, of which the median is told: they are short, and vary
LARGE = 10_000_000  # states: beyond that only what was fastest before is asked
MEBIBYTE = 1 << 20
MOST = 20_000_000  # orbit after orbit, transitions times exchanges: beyond that Rumur is not asked for exact orbits
PLAIN = ("-DSAFETY", "-DMEMLIM=12000", "-DNOREDUCE")
COLUMNS = ("states", 12), ("transitions", 13), ("prepare", 9), ("search", 9), ("cpu", 9), ("times", 8), ("times*", 8)
HEADING = f"{'':<22}{''.join(f'{name:>{width}}' for name, width in (*COLUMNS, ('MiB', 7), ('kept', 7)))}"
EXACT = {"spin", "spin, -O3", "spin, -DCOLLAPSE", "spin, -DNCORE=2", "rumur"}
ORBITS = {"rumur, exhaustive"}


@dataclass(frozen=True)
class Row:
    """Seconds and bytes."""

    checker: str
    states: int
    transitions: int
    prepare: float
    search: float
    cpu: float
    memory: int
    kept: int | None

    @property
    def counted(self) -> tuple[str, str]:
        """States and transitions by eight digits, as Spin tells them."""
        return f"{self.states:.7e}", f"{self.transitions:.7e}"

    def told(self, plain: float, orbits: float) -> str:
        """One line; `plain` and `orbits` are the seconds of our own search without and with symmetry."""
        kept = f"{self.kept / MEBIBYTE:>7.0f}" if self.kept else ""
        times = f"{self.prepare:>9.2f}{self.search:>9.2f}{self.cpu:>9.2f}{self.search / plain:>8.1f}"
        times += f"{self.search / orbits:>8.1f}"
        return f"{self.checker:<22}{self.states:>12,}{self.transitions:>13,}{times}{self.memory / MEBIBYTE:>7.0f}{kept}"


def child(name: str, symmetric: bool) -> None:
    """In a process of its own: explores a few times, and prints what each took."""
    from time import process_time

    from properties.exploration.compact import CompactSearch
    from properties.exploration.explore import explore
    from properties.exploration.search import Search

    cpu: list[float] = []

    def timed(run: Callable[..., bool]) -> Callable[..., bool]:
        def timed_run(*arguments: Any) -> bool:
            began = process_time()
            try:
                return run(*arguments)
            finally:
                cpu.append(process_time() - began)

        return timed_run

    Search.run, CompactSearch.run = timed(Search.run), timed(CompactSearch.run)  # type: ignore[method-assign]
    runs = []
    for _ in range(1 + WARM):
        cpu.clear()
        found = explore(MULTI_DEVICE, scope(name), symmetric=symmetric, memory_bytes=12 << 30)
        seconds, exchanges = found.seconds, found.symmetry.order
        prepared = seconds.ground + seconds.compile
        runs.append(
            [found.states, found.transitions, prepared, seconds.search, sum(cpu), found.memory_bytes, exchanges]
        )
    print(json.dumps(runs))


def ours(name: str, symmetric: bool) -> tuple[list[Row], int]:
    """Cold and warm, and how many exchanges of elements there are."""
    code = f"from benchmarks.explore_peers import child; child({name!r}, {symmetric})"
    with tempfile.TemporaryDirectory() as folder:
        run = measured(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path.cwd())!r}); {code}"], Path(folder)
        )
    label = "pentad --symmetry" if symmetric else "pentad"
    rows, runs = [], json.loads(run.said.splitlines()[-1])
    cold, *warm = runs
    middle = sorted(warm, key=lambda row: float(row[3]))[WARM // 2]
    start = run.seconds - sum(prepared + search for _, _, prepared, search, *_ in runs)
    for warmth, (states, transitions, prepared, search, cpu, kept, _) in zip(
        ("cold", "warm"), (cold, middle), strict=True
    ):
        prepare = prepared + start * (warmth == "cold")
        rows.append(Row(f"{label}, {warmth}", states, transitions, prepare, search, cpu, run.memory_bytes, kept))
    return rows, runs[0][-1]


def asked(label: str, ask: Callable[[Path], Count]) -> Iterator[Row]:
    """One row, or a line that says why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = ask(Path(folder))
        except (NotThere, CheckerFailed) as error:
            print(f"{label}: {error}")
            return
    run, parts = found.run, r"([\d.]+)\s+(?:actual memory usage for states|memory used for hash table)"
    kept = int(MEBIBYTE * sum(map(float, re.findall(parts, run.said)))) or None
    yield Row(
        label,
        found.states,
        found.transitions,
        found.compile_seconds,
        run.seconds,
        run.cpu_seconds,
        run.memory_bytes,
        kept,
    )


def by_spin(name: str, states: int) -> Iterator[Row]:
    """A slot of its table for each state: fewer are slower, more are no faster."""
    text, options = promela(MULTI_DEVICE, scope(name)), ("-m100000", f"-w{ceil(log2(states))}")

    def way(*defines: str, optimize: str = "-O2", generate: Sequence[str] = ("-o2",)) -> Callable[[Path], Count]:
        return lambda folder: spin(text, folder, defines, options, optimize, generate)

    yield from asked("spin", way(*PLAIN))
    if states > LARGE:
        return
    yield from asked("spin, -O3", way(*PLAIN, "-march=native", optimize="-O3"))
    yield from asked("spin, partial order", way("-DSAFETY", "-DMEMLIM=12000"))
    yield from asked("spin, -DCOLLAPSE", way(*PLAIN, "-DCOLLAPSE"))
    yield from asked("spin, -DNCORE=2", way(*PLAIN, "-DNCORE=2"))


def by_rumur(name: str, states: int, transitions: int, exchanges: int) -> Iterator[Row]:
    """`transitions` are those of the representatives."""
    text = murphi(MULTI_DEVICE, scope(name))
    if states <= LARGE:
        yield from asked("rumur", lambda folder: rumur(text, folder, threads=2))
    if exchanges == 1:
        return
    yield from asked("rumur, heuristic", lambda folder: rumur(text, folder, "heuristic", threads=2))
    if transitions * exchanges <= MOST:
        yield from asked("rumur, exhaustive", lambda folder: rumur(text, folder, "exhaustive", threads=2))
    else:
        print(f"rumur, exhaustive: not asked to try {exchanges} exchanges for each of {transitions:,} transitions")


def main() -> None:
    """Prints a table a scope. `times` is how much longer a search takes than ours, `times*` than ours with symmetry."""
    ours("tiny", True)  # compiles the kernels, unless they were compiled before
    for name in SCOPES:
        plain, _ = ours(name, symmetric=False)
        orbits, exchanges = ours(name, symmetric=True)
        print(f"\n{scope(name)}; {exchanges} exchanges of interchangeable elements\n{HEADING}", flush=True)
        mine = [*plain, *(orbits if exchanges > 1 else ())]
        theirs = by_spin(name, plain[-1].states), by_rumur(name, plain[-1].states, orbits[-1].transitions, exchanges)
        for row in chain(mine, *theirs):
            print(row.told(plain[-1].search, orbits[-1].search), flush=True)
            wanted = plain if row.checker in EXACT else orbits if row.checker in ORBITS else [row]
            if row.counted != wanted[-1].counted:
                raise SystemExit(f"{row.checker} and pentad do not count the same")


if __name__ == "__main__":
    main()
