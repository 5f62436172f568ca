"""More states than memory is given for: on disk, killed in the middle, resumed, the same count."""

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
from properties.disk import FILE
from properties.explore import explore
from properties.search import GIBIBYTE, Progress

SCOPE, STATES = "users=2,devices=3,lists=2,messages=2,rogues=1", 106_640_640
CLAIMS = [p for p in CATALOGUE.values() if p.stated]


def search(folder: Path) -> None:
    """In a process of its own: begins, or goes on."""

    def told(now: Progress) -> None:
        print(f"{now.states:,} at depth {now.depth}, {now.states_per_second:,.0f}/s", file=sys.stderr)

    resume = (folder / FILE).exists()
    found = explore(
        MULTI_DEVICE, scope(SCOPE), CLAIMS, memory_bytes=GIBIBYTE, disk=folder, resume=resume, progress=told
    )
    assert found.complete and not found.counterexamples
    print(json.dumps([found.states, found.transitions, found.depth, found.seconds.search]))


def main() -> None:
    """Prints the counts, states a second and peak memory; a search of its own, then one that is killed."""
    for kill in (False, True):
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
            begun = time.perf_counter()
            command = [sys.executable, "-m", "benchmarks.explore_spill", name]
            if kill:
                process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
                while seen(Path(name)) < STATES // 2 and process.poll() is None:
                    time.sleep(0.5)
                process.kill()
                process.wait()
                print(f"killed after {time.perf_counter() - begun:.0f} s, with {seen(Path(name)):,} states on disk")
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
            states, transitions, depth, _ = json.loads(done.stdout)
            seconds = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
            size = sum(path.stat().st_size for path in Path(name).iterdir()) / GIBIBYTE
            print(
                f"{states:,} states, {transitions:,} transitions, depth {depth}: {seconds:.0f} s, "
                f"{states / seconds:,.0f} states/s, {size:.1f} GiB on disk, {peak:,.0f} MiB of memory at most"
            )
            assert states == STATES


def seen(folder: Path) -> int:
    """How many states the last checkpoint has."""
    try:
        return sum(json.loads((folder / FILE).read_text(encoding="utf-8"))["counts"])
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    search(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
