"""Visits every state of a system at a scope, breadth-first, in machine code.

A counterexample is a shortest one: the smallest state, as packed, among the violating ones of the first depth that
has any. It is shown only after the plain model (`model.simulate`) has seen it too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from model import adversary
from model.ground import ground, instances
from model.language import Claim, System
from model.native import native
from model.quotient import arranged
from model.scope import Scope
from model.simulate import Move, Simulation, Violation
from model.symmetry import NONE, Symmetry, symmetry
from model.trace import Trace
from properties.exploration import sound
from properties.exploration.cluster import ClusterSearch
from properties.exploration.compact import compact_search
from properties.exploration.disk import DiskSearch, Question, ready
from properties.exploration.estimate import too_many
from properties.exploration.lasso import Refuted, seen
from properties.exploration.progress import MOST, Pursuit, pursue
from properties.exploration.search import (
    GIBIBYTE,
    BreadthFirst,
    Outgrown,
    OutOfMemory,
    Progress,
    ScopeTooLarge,
    Search,
    Traced,
    too_large,
)
from properties.interrupts import arriving

PURSUED = 1 << 24  # states: among more it is not asked unasked what can always still come true
MANY = 1 << 22  # states: if there are more, they are kept as pairs, and ways to them only where something is violated
FORMULA_BYTES = 800  # of memory for each formula that is written out, as measured

__all__ = [
    "Counterexample",
    "Exploration",
    "NotReproduced",
    "OutOfMemory",
    "Progress",
    "ScopeTooLarge",
    "Seconds",
    "explore",
]


class NotReproduced(Exception):
    """The explorer found a violation that the plain model does not show: one of the two is wrong."""


@dataclass(frozen=True)
class Seconds:
    """Where the time went."""

    ground: float
    compile: float
    search: float
    pursue: float

    @property
    def total(self) -> float:
        return self.ground + self.compile + self.search + self.pursue


@dataclass(frozen=True)
class Counterexample:
    """A violation, and the trace that shows it; `says` is why nothing leads on, where a claim should come true."""

    violation: Violation
    trace: Trace
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exploration:
    """What a search has shown.

    Accepted moves count as `transitions`, also those that change nothing; `fired` has them by action. `reached`
    are the claims whose premise was met, `levels` the states at each depth. If `complete` is false the search was
    `interrupted` by Ctrl-C, or stopped at a counterexample, and the numbers are what it covered. `pursuits` say what
    became of the claims that are to come true, if all states were at hand. With `symmetry` the states are one of each
    kind, and those expanded stand for as many states and moves as `stands_for` says. `slept` of the moves were not
    followed (`properties.exploration.sleep`).
    """

    system: System
    scope: Scope
    states: int
    transitions: int
    levels: tuple[int, ...]
    fired: dict[str, int]
    deadlocks: int
    reached: frozenset[Claim]
    counterexamples: tuple[Counterexample, ...]
    complete: bool
    seconds: Seconds
    memory_bytes: int
    state_bits: int
    symmetry: Symmetry
    stands_for: tuple[int, int]
    slept: int
    pursuits: dict[Claim, Pursuit] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def depth(self) -> int:
        """How many moves the farthest state is away."""
        return len(self.levels) - 1

    def uninterrupted(self) -> Exploration:
        """The same; KeyboardInterrupt if Ctrl-C has cut it short: what was not seen yet need not be out of reach."""
        if self.interrupted:
            raise KeyboardInterrupt
        return self


@arriving()
def explore(
    system: System,
    scope: Scope,
    claims: Iterable[Claim] = (),
    *,
    threads: int = 2,
    memory_bytes: int = 4 * GIBIBYTE,
    without: Collection[tuple[str, str]] = frozenset(),
    flaw: str | None = None,
    stop_at_first: bool = True,
    until_all: bool = False,
    symmetric: bool = False,
    disk: Path | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    thorough: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Exploration:
    """Every reachable state of `system` at `scope`, with claims about states and steps tried in all of them.

    `without` drops conditions: `[("linking.confirm", "linking_secret")]`; if that is a seeded `flaw`, a folder `disk`
    keeps its name for who resumes. A search that stops at the first violation
    finishes the depth that it is at; otherwise there is one counterexample for each claim that fails, and with
    `until_all` the search ends when every claim has one. Ctrl-C ends the search and gives what was covered; `progress`
    is called about three times a second. With `symmetric` states that differ in interchangeable elements alone count as
    one; what holds, and how short a counterexample is, stays the same. The result does not depend on `threads`. Raises
    ScopeTooLarge beyond `memory_bytes`; with a folder `disk` there is room for more, and `resume` goes on with what was
    begun there. With the address of a Dask `scheduler` its workers do the work. Claims that are to come true are
    looked at in the end; `thorough` also looks for a livelock among any number of states. Raises ModelError if they are
    asked for in a way in which they cannot be told.
    """
    claims = list(claims)
    sound.check(claims, symmetric=symmetric, disk=disk, scheduler=scheduler)
    asked = question(system, scope, claims, without, symmetric, flaw)
    if disk:
        ready(disk, asked, resume)
    formulas = instances(system, scope, claims)
    if formulas * FORMULA_BYTES > memory_bytes:
        raise ScopeTooLarge(
            too_large(scope, memory_bytes, f"{formulas:,} formulas to write out before the first state")
        )
    simulation = Simulation(system, scope, without)
    began = time.perf_counter()
    grounded = ground(system, scope, without, claims)
    known = time.perf_counter()
    exchanges = symmetry(grounded) if symmetric else NONE
    if exchanges.classes:
        grounded = arranged(grounded, exchanges)
    code = native(grounded, exchanges)
    compiled = time.perf_counter()
    search: BreadthFirst
    if scheduler:
        search = ClusterSearch(code, scheduler, asked, until_all=until_all, symmetry=exchanges)
    elif disk is None:
        goals = any(not goal.certain for goal in grounded.goals)
        most = None if until_all or (goals and thorough) else PURSUED if goals else MANY
        search = Search(code, memory_bytes, until_all, exchanges, at_most=most)
    else:
        search = DiskSearch(
            code, memory_bytes, disk, asked, resume=resume, until_all=until_all, symmetry=exchanges, threads=threads
        )
    if estimate := too_many(code, exchanges, search.room_for):
        likely = f"likely more than {estimate.states:,} states, as {estimate.walks:,} walks at random hardly meet"
        told = search.too_large(likely)
        raise OutOfMemory(told, begun=False) if isinstance(search, Search) else ScopeTooLarge(told)
    search, complete = _visited(search, threads, stop_at_first, progress)
    visited = time.perf_counter()
    pursuits, unmet = dict[Claim, Pursuit](), list[Counterexample]()
    for number, goal in enumerate(grounded.goals if complete else ()):
        if goal.certain:
            pursuits[goal.claim] = Pursuit(0, 0)
        elif isinstance(search, Search):
            pursuits[goal.claim] = found = pursue(search, number, threads, None if thorough else MOST)
            unmet += unfulfilled(simulation, goal.claim, found, without)
    compiling = compiled - known + search.prepared
    seconds = Seconds(known - began, compiling, visited - known - compiling, time.perf_counter() - visited)
    return Exploration(
        system,
        scope,
        search.states,
        search.transitions,
        tuple(search.levels),
        search.fired,
        search.deadlocks,
        search.reached | {claim for claim, found in pursuits.items() if found.open},
        (*(replayed(simulation, claim, path) for claim, path in search.found.items()), *unmet),
        complete,
        seconds,
        search.memory_bytes,
        sum(place.width for place in grounded.layout.values()),
        exchanges,
        search.stands_for,
        search.slept,
        pursuits,
        interrupted=not complete and not (isinstance(search, Traced) and search._enough(stop_at_first)),
    )


def _visited(
    search: BreadthFirst, threads: int, stop_at_first: bool, progress: Callable[[Progress], None] | None
) -> tuple[BreadthFirst, bool]:
    """The search that has visited the states, and whether all: many are kept as pairs, unless something is violated."""
    try:
        return search, search.run(threads, stop_at_first, progress)
    except Outgrown as outgrown:
        begun = outgrown.search
    compact = compact_search(begun)
    complete = compact.run(threads, stop_at_first, progress)
    if not compact.broken:
        return compact, complete
    traced = Search(begun.code, begun.bound, symmetry=begun.symmetry)
    return traced, traced.run(threads, stop_at_first, progress)


def question(
    system: System,
    scope: Scope,
    claims: Iterable[Claim],
    without: Collection[tuple[str, str]],
    symmetric: bool,
    flaw: str | None = None,
) -> Question:
    """What is explored, as JSON."""
    return {
        **adversary.to_json(system),
        "scope": scope.to_json(),
        "claims": [claim.name for claim in claims],
        "without": sorted(map(list, without)),
        "symmetry": symmetric,
        **({"flaw": flaw} if flaw else {}),
    }


def replayed(simulation: Simulation, claim: Claim, path: list[Move]) -> Counterexample:
    """The path as the plain model sees it. NotReproduced if it does not."""
    before = after = simulation.start
    for move in path:
        if failing := simulation.possible(after, move) + simulation.failing(after, move):
            raise NotReproduced(_unlike(claim, f"{move.action} is stopped by {', '.join(failing)}"))
        before, after = after, simulation.step(after, move)
    instance = simulation.holds(claim, before, after) if claim.about == "step" else simulation.holds(claim, after)
    if instance is None:
        raise NotReproduced(_unlike(claim, "the claim holds after the same moves"))
    trace = Trace.of(simulation, path, property=claim.name, found_by="explore")
    return Counterexample(Violation(claim, instance, path), trace)


def unfulfilled(
    simulation: Simulation, claim: Claim, found: Pursuit, without: Collection[tuple[str, str]]
) -> Iterator[Counterexample]:
    """Where a claim cannot come true any more, or need not, as the plain model sees it."""
    way, after = (found.stuck, None) if found.stuck is not None else found.livelock or (None, None)
    if way is None:
        return
    shown = replayed(simulation, claim, way if after is None else way[:after])
    try:
        trace, says = seen(simulation, claim, way, after, without)
    except Refuted as error:
        raise NotReproduced(_unlike(claim, str(error))) from None
    yield replace(shown, trace=trace, says=says)


def _unlike(claim: Claim, reason: str) -> str:
    return (
        f"the explorer has a counterexample to {claim}, but in the plain model {reason}. This is a bug of Pentad, "
        "not of the protocol: likely in model/ground.py or model/native.py, else in model/simulate.py"
    )
