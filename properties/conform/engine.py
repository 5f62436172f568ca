"""conform: walks until the steps are done or the two disagree, and traces replayed on the implementation."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import get_state_machine_test

from model.scope import SCOPES, Scope
from model.simulate import Simulation
from model.trace import Trace
from properties.conform.lockstep import Coverage, Disagreement, simulation_of
from properties.conform.machine import Journal, machine
from properties.conform.shrink import attempts_of, run, shortest
from properties.conform.tours import tours, ways
from properties.flaws import flaw_of
from properties.interrupts import arriving

WALK = 150  # steps of one walk
TRIES, ANEW = 4, 20  # as often so many walks more, where all that was found is a disagreement that breaks no property
# alone: what would hardly come up among others; seats, because few get to a fifth companion
ALONE = "newsstand", "doorstep", "household", "household", "circle", "pocket", "pocket", "parlour", "parlour", "seats"
WALKED = *[SCOPES[name] for name in ALONE], *[SCOPES["crowd"]] * 4
DATABASE = Path(".hypothesis/examples")  # of failing walks, tried first by the next run with the same flaw, or none


@dataclass(frozen=True)
class Finding:
    """A disagreement made short: the properties that it breaks, what was seen, and the trace that leads there."""

    properties: list[str]
    lines: list[str]
    trace: Trace


@dataclass
class Conformance:
    """What a run covered, and what it found."""

    scopes: tuple[Scope, ...]
    seed: int
    flaw: str | None
    walks: int = 0
    seconds: float = 0.0
    coverage: Coverage = field(default_factory=Coverage)
    finding: Finding | None = None
    interrupted: bool = False

    @property
    def steps(self) -> int:
        return self.coverage.steps

    @property
    def counts(self) -> dict[str, int]:
        return {
            "steps": self.steps,
            "walks": self.walks,
            "accepted": self.coverage.accepted.total(),
            "refused": self.coverage.refused.total(),
            "guards broken alone": len({*self.coverage.alone, *self.coverage.violated}),
            "companion steps, phone off": self.coverage.phone_off,
        }


@dataclass(frozen=True)
class Replayed:
    """A trace replayed on the implementation: whether it did what the model says, and the first thing it did not."""

    agrees: bool
    lines: list[str]
    properties: list[str] = field(default_factory=list)


@arriving()
def conform(
    scopes: Sequence[Scope] = WALKED,
    *,
    steps: int = 2_000,
    seed: int = 0,
    flaw: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Conformance:
    """Walk until `steps` attempts were made or model and implementation disagree; Ctrl-C keeps what was covered.

    Raises ModelError for a flaw that the gallery does not have.
    """
    run = Conformance(tuple(scopes), seed, flaw)
    began = time.perf_counter()
    with seeded_flaw(flaw):
        try:
            _tour(run, seed)
            left = max(0, steps - run.steps)
            for to_come, scope in zip(reversed(range(len(scopes))), scopes, strict=True):
                if run.finding is None:
                    _walk(run, scope, steps - left * to_come // len(scopes), progress or (lambda steps: None))
        except KeyboardInterrupt:
            run.interrupted = True
    run.seconds = time.perf_counter() - began
    return run


def _tour(result: Conformance, seed: int) -> None:
    """First to every guard, by the shortest way. Where bytes alone were wrong, whole ones are accepted.

    A disagreement that breaks no property is not the last word: a later tour may meet one that does.
    """
    for trace in tours():
        simulation = simulation_of(trace.scope)
        attempts = attempts_of(simulation, trace)
        move, breaks = attempts[-1]
        found = run(simulation, [*attempts, (move, None)] if breaks else attempts, seed, result.coverage)
        if found and (found.broken or not result.finding):
            result.finding = _finding(shortest(simulation, found), simulation, result.flaw)
        if result.finding and result.finding.properties:
            return


def _walk(result: Conformance, scope: Scope, steps: int, progress: Callable[[int], None]) -> None:
    journal = Journal(result.coverage, tick=lambda: progress(result.coverage.steps))
    walk = machine(scope, seed=result.seed, journal=journal, ways=ways(scope))
    try:
        while result.coverage.steps < steps and not journal.found:
            test = get_state_machine_test(
                walk, settings=_settings(-(-(steps - result.coverage.steps) // WALK), result.flaw)
            )
            with contextlib.suppress(Disagreement):
                hypothesis.seed(result.seed + result.walks + journal.walks)(test)()
        for tried in range(TRIES if journal.found else 0):
            if not any(found.broken for found in journal.found):
                anew = settings(_settings(ANEW, result.flaw), phases=(Phase.generate,))
                with contextlib.suppress(Disagreement):
                    hypothesis.seed(tried)(get_state_machine_test(walk, settings=anew))()
    finally:
        result.walks += journal.walks
    if journal.found:
        best = min(journal.found, key=lambda found: (not found.broken, len(found.trace.steps)))
        result.finding = _finding(shortest(walk.simulation, best), walk.simulation, result.flaw)


def _settings(walks: int, flaw: str | None) -> settings:
    return settings(
        max_examples=walks,
        stateful_step_count=WALK,
        deadline=None,
        phases=(Phase.reuse, Phase.generate),  # leaving out steps by name shrinks in a fraction of the time
        database=DirectoryBasedExampleDatabase(DATABASE / (flaw or "clean")),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


def _finding(found: Disagreement, simulation: Simulation, flaw: str | None) -> Finding:
    property = found.broken[0] if found.broken else None
    trace = replace(found.trace, property=property, flaw=flaw).annotated(simulation)
    return Finding(found.broken, found.lines, trace)


def replay(trace: Trace, flaw: str | None = None) -> Replayed:
    """Make every attempt of a trace on the implementation; the model says at each step what is right.

    Raises TraceError for a trace that does not fit the model, ModelError for an unknown flaw.
    """
    simulation = simulation_of(trace.scope)
    trace.replay(simulation)
    with seeded_flaw(flaw):
        found = run(simulation, attempts_of(simulation, trace), trace.seed or 0)
    if found is None:
        return Replayed(True, [f"all {len(trace.steps)} steps went as the model says"])
    return Replayed(False, [f"step {len(found.trace.steps)}: {found.lines[0]}", *found.lines[1:]], found.broken)


def seeded_flaw(flaw: str | None) -> AbstractContextManager[None]:
    """The implementation with one flaw of the gallery, or as it is. ModelError names the flaws there are."""
    return flaw_of(flaw).active() if flaw else nullcontext()
