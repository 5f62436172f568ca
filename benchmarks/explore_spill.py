"""A hundred million states: in memory; on disk; there killed in the middle and resumed. The counts are the same."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.disk import FILE
from properties.exploration.explore import explore
from properties.exploration.search import GIBIBYTE, Progress

SCOPE, STATES = "users=2,devices=3,lists=2,messages=2,rogues=1", 106_640_640
OUT = Path("pentad-out")  # on a disk, and out of the way
COMMAND = [sys.executable, "-m", "benchmarks.explore_spill", "search"]
CLAIMS = [p for p in CATALOGUE.values() if p.stated]


def search(folder: Path | None) -> None:
    """In a process of its own: begins, or goes on in the folder."""

    def now_and_then(now: Progress) -> None:
        print(f"{now.states:,} at depth {now.depth}, {now.states_per_second:,.0f}/s", file=sys.stderr)

    resume = folder is not None and (folder / FILE).exists()
    found = explore(
        MULTI_DEVICE, scope(SCOPE), CLAIMS, memory_bytes=GIBIBYTE, disk=folder, resume=resume, progress=now_and_then
    )
    assert found.complete and not found.counterexamples
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(json.dumps([found.states, found.transitions, found.depth, peak]))


def main() -> None:
    """Prints the counts, states a second and peak memory."""
    OUT.mkdir(exist_ok=True)
    begun = time.perf_counter()
    told("in memory", begun, subprocess.run(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True))
    for kill in (False, True):
        with tempfile.TemporaryDirectory(dir=OUT) as name:
            begun = time.perf_counter()
            command = [*COMMAND, name]
            if kill:
                process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
                while seen(Path(name)) < STATES // 2 and process.poll() is None:
                    time.sleep(0.5)
                process.kill()
                process.wait()
                print(f"killed after {time.perf_counter() - begun:.0f} s, with {seen(Path(name)):,} states on disk")
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
            size = sum(path.stat().st_size for path in Path(name).iterdir()) / GIBIBYTE
            told(f"{'resumed' if kill else 'at once'}, {size:.1f} GiB on disk", begun, done)


def told(how: str, begun: float, done: subprocess.CompletedProcess[bytes]) -> None:
    """Prints a line. The peak is that of the process itself, as it says."""
    states, transitions, depth, peak = json.loads(done.stdout)
    seconds = time.perf_counter() - begun
    print(
        f"{how}: {states:,} states, {transitions:,} transitions, depth {depth}: {seconds:.0f} s, "
        f"{states / seconds:,.0f} states/s, {peak:,} MiB of memory at most",
        flush=True,
    )
    assert states == STATES


def seen(folder: Path) -> int:
    """How many states the last checkpoint has."""
    try:
        return sum(json.loads((folder / FILE).read_text(encoding="utf-8"))["counts"])
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    main() if len(sys.argv) < 2 else search(Path(sys.argv[2]) if sys.argv[2:] else None)
