"""A campaign: every target fuzzed in a process of its own, two at a time, for its share of the time."""

from __future__ import annotations

import math
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz import corpus
from fuzz.errors import FuzzError
from fuzz.faults import fault_of
from fuzz.libfuzzer import HANG, TargetRun, command, environment
from fuzz.targets import Target, named
from fuzz.triage import Found, triaged

AT_A_TIME = 2
LEAST = 2.0
"""Seconds that a target needs to get anywhere."""

GRACE = 6 * HANG
"""Seconds that a process may overrun before it is killed: a busy machine starts it late, and it may be in the middle
of an input that hangs, which libFuzzer itself ends sooner."""

LOOK = 0.1
"""Seconds between two looks at the threads."""

Progress = Callable[[TargetRun], None]


@dataclass(frozen=True)
class Campaign:
    """What a campaign found out; `runs` lacks the targets that an interruption kept from ending."""

    seed: int
    seconds: float
    targets: tuple[Target, ...]
    runs: tuple[TargetRun, ...]
    findings: tuple[Found, ...]
    fault: str | None = None
    interrupted: bool = False


def run(
    targets: Iterable[str],
    seconds: float,
    seed: int,
    out: Path,
    progress: Progress | None = None,
    fault: str | None = None,
    regressions: Path | None = None,
) -> Campaign:
    """Fuzz the named targets, all if none is named, for `seconds` of wall-clock time in all.

    Inputs that break a property are minimised and stored in `regressions`, by default `out`/regressions. `fault` names
    a seeded fault to switch on. `progress` is called whenever there is news of a target, from one thread at a time.
    Ctrl-C ends the campaign with what was found so far. Raises FuzzError for what cannot be done as asked.
    """
    chosen = ready(targets, seconds)
    if fault is not None:
        fault_of(fault)
    start = time.monotonic()
    with TemporaryDirectory(prefix="pentad-fuzz-") as folder:
        crew = _Crew(Path(folder), start + seconds, seed, fault or "", regressions or out / "regressions", progress)
        interrupted = crew.fuzz_all(chosen)
    took = time.monotonic() - start
    return Campaign(seed, took, tuple(chosen), tuple(crew.runs), tuple(crew.findings), fault, interrupted)


def ready(targets: Iterable[str], seconds: float) -> list[Target]:
    """The named targets, all if none is named. FuzzError for what is no target, and if they cannot be fuzzed so."""
    chosen = named(targets)
    if find_spec("atheris") is None:
        raise FuzzError("atheris is not installed, and without coverage it would not be fuzzing; install it (Linux)")
    if seconds < (least := LEAST * _rounds(len(chosen))):
        raise FuzzError(f"{len(chosen)} targets, {AT_A_TIME} at a time, need at least {least:.0f} s")
    return chosen


def _rounds(targets: int) -> int:
    return math.ceil(targets / AT_A_TIME)


def _watch(working: list[Future[None]]) -> None:
    """Wait until all have ended, or one in error.

    By looking: a signal that comes just before the interpreter goes to sleep on a lock is only heard when it wakes.
    """
    while not all(each.done() for each in working):
        if any(each.done() and each.exception() for each in working):
            return
        time.sleep(LOOK)


@dataclass
class _Crew:
    """Threads that each look after one process after another."""

    folder: Path
    deadline: float
    seed: int
    fault: str
    regressions: Path
    progress: Progress | None
    waiting: deque[Target] = field(default_factory=deque)
    processes: set[subprocess.Popen[str]] = field(default_factory=set)
    runs: list[TargetRun] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: bool = False

    def fuzz_all(self, targets: list[Target]) -> bool:
        """Whether Ctrl-C came before the end."""
        self.waiting.extend(targets)
        seeds = corpus.seeds(self.seed)
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            try:
                working = [threads.submit(self.work, seeds) for _ in range(AT_A_TIME)]
                _watch(working)
            except KeyboardInterrupt:
                return True
            finally:
                self.end()
        for each in working:
            each.result()
        return False

    def end(self) -> None:
        with self.lock:
            self.ended = True
            for process in self.processes:
                process.kill()

    def work(self, seeds: dict[str, list[bytes]]) -> None:
        while True:
            with self.lock:
                if self.ended or not self.waiting:
                    return
                share = (self.deadline - time.monotonic()) / _rounds(len(self.waiting))
                target = self.waiting.popleft()
            self.fuzz(target, seeds[target.name], share)

    def fuzz(self, target: Target, seeds: list[bytes], seconds: float) -> None:
        folder = self.folder / target.name
        for name in ("corpus", "artifacts"):
            (folder / name).mkdir(parents=True)
        corpus.write(folder / "seeds", seeds)
        start = time.monotonic()
        run, tail = TargetRun(target.name, len(seeds)), deque[str](maxlen=100)
        process = self.start(command(target, folder, seconds, self.seed, self.fault))
        if process is None:
            return
        killer = threading.Timer(seconds + GRACE, process.kill)
        killer.start()
        try:
            assert process.stderr is not None
            for line in process.stderr:
                tail.append(line.rstrip())
                if (news := run.after(line)) is not run:
                    run = replace(news, seconds=time.monotonic() - start)
                    self.tell(run)
            code = process.wait()  # what has said its last word may still be ending
        finally:
            killer.cancel()
            process.kill()
            process.wait()
            self.processes.discard(process)
        artifacts = sorted((folder / "artifacts").iterdir())
        if artifacts:
            self.findings.append(triaged(target, artifacts[0], tail, self.fault, self.regressions))
        elif self.ended:
            return
        elif code:
            last = next((line for line in reversed(tail) if line), "it said nothing")
            raise FuzzError(f"{target.name}: the fuzzer ended with code {code}: {last}")
        self.runs.append(run)

    def start(self, arguments: list[str]) -> subprocess.Popen[str] | None:
        """None if the campaign has ended."""
        with self.lock:
            if self.ended:
                return None
            process = subprocess.Popen(
                arguments,
                env=environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                # Ctrl-C is for the campaign, which then ends its processes itself.
                start_new_session=True,
            )
            self.processes.add(process)
            return process

    def tell(self, run: TargetRun) -> None:
        if self.progress is not None:
            with self.lock:
                self.progress(run)
