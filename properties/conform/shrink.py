"""Shorter traces: steps are left out, a run of them at a time, for as long as the same disagreement remains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from model.simulate import Move, Simulation, State
from model.trace import Trace
from properties.conform.lockstep import Coverage, Disagreement, Lockstep
from properties.conform.machine import Attempt


def attempts_of(simulation: Simulation, trace: Trace) -> list[Attempt]:
    """What a trace attempts, step by step."""
    return [(simulation.move(step.do, **step.with_), step.breaks) for step in trace.steps]


def run(
    simulation: Simulation, attempts: Sequence[Attempt], seed: int, coverage: Coverage | None = None
) -> Disagreement | None:
    """The first disagreement of these attempts; those that no longer exist are passed over."""
    lockstep = Lockstep(simulation.scope, seed, coverage)
    try:
        for move, breaks in attempts:
            if _exists(simulation, lockstep.state, move, breaks):
                lockstep.attempt(move, breaks)
        lockstep.close()
    except Disagreement as found:
        return found
    return None


def shortest(simulation: Simulation, found: Disagreement) -> Disagreement:
    """The disagreement with as few steps as leaving out leads to, about the same property."""
    seed = found.trace.seed or 0
    *attempts, last = attempts_of(simulation, found.trace)
    accepted = [
        a for a, s in zip(attempts, found.trace.steps, strict=False) if s.expect == s.got == "accepted" and not s.breaks
    ]

    def remains(fewer: list[Attempt]) -> bool:
        return _leads_to(simulation, fewer, last, found, seed)

    attempts = fewest(accepted if remains(accepted) else attempts, remains)
    return run(simulation, [*attempts, last], seed) or found


def fewest(attempts: list[Attempt], enough: Callable[[list[Attempt]], bool]) -> list[Attempt]:
    """As few of the attempts as are still enough, leaving out ever shorter runs of them, and pairs of the same."""
    chunk = max(1, len(attempts) // 2)
    while chunk:
        start = 0
        while start < len(attempts):
            fewer = attempts[:start] + attempts[start + chunk :]
            if enough(fewer):
                attempts = fewer
            else:
                start += chunk
        chunk //= 2
    for one, other in combinations(range(len(attempts)), 2):
        # a phone switched off and on again: the two can only go together
        fewer = [a for i, a in enumerate(attempts) if i not in (one, other)]
        if attempts[one] == attempts[other] and enough(fewer):
            return fewest(fewer, enough)
    return attempts


def _leads_to(
    simulation: Simulation, attempts: Sequence[Attempt], last: Attempt, wanted: Disagreement, seed: int
) -> bool:
    """Whether the last attempt still shows the disagreement; on the way there the model alone decides what goes on."""
    state, path = simulation.start, []
    for move, breaks in attempts:
        if breaks is None and not simulation.possible(state, move) and not simulation.failing(state, move):
            path.append(move)
            state = simulation.step(state, move)
    move, breaks = last
    if not _exists(simulation, state, move, breaks):
        return False
    lockstep = Lockstep(simulation.scope, seed)
    try:
        for each in path:
            lockstep.go(each)
        lockstep.attempt(move, breaks)
        lockstep.close()
    except Disagreement as found:
        return found.broken[:1] == wanted.broken[:1] and found.trace.steps[-1].do == wanted.trace.steps[-1].do
    return False


def _exists(simulation: Simulation, state: State, move: Move, breaks: str | None) -> bool:
    """The move can be attempted; bytes that break one guard say nothing where another fails as well."""
    return not simulation.possible(state, move) and not (breaks and simulation.failing(state, move))
