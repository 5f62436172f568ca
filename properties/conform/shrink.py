"""Shorter traces: steps are left out, a run of them at a time, for as long as the same disagreement remains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from model.simulate import Move, Simulation, State
from properties.conform.lockstep import Disagreement, Lockstep
from properties.conform.machine import Attempt


def run(simulation: Simulation, attempts: Sequence[Attempt], seed: int) -> Disagreement | None:
    """The first disagreement of these attempts; those that no longer exist are passed over."""
    lockstep = Lockstep(simulation.scope, seed, simulation)
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
    attempts: list[Attempt] = [(simulation.move(s.do, **s.with_), s.breaks) for s in found.trace.steps]
    last = attempts.pop()
    accepted = [
        a for a, s in zip(attempts, found.trace.steps, strict=False) if s.expect == s.got == "accepted" and not s.breaks
    ]
    if _leads_to(simulation, accepted, last, found, seed):
        attempts = accepted
    chunk = max(1, len(attempts) // 2)
    while chunk:
        start = 0
        while start < len(attempts):
            fewer = attempts[:start] + attempts[start + chunk :]
            if _leads_to(simulation, fewer, last, found, seed):
                attempts = fewer
            else:
                start += chunk
        chunk = chunk // 2 if chunk > 1 or not attempts else 0
    return run(simulation, [*_without_pairs(simulation, attempts, last, found, seed), last], seed) or found


def _without_pairs(
    simulation: Simulation, attempts: list[Attempt], last: Attempt, found: Disagreement, seed: int
) -> list[Attempt]:
    """Two steps that undo each other, a phone switched off and on again, can only go together."""
    for one, other in combinations(range(len(attempts)), 2):
        fewer = [a for i, a in enumerate(attempts) if i not in (one, other)]
        if attempts[one] == attempts[other] and _leads_to(simulation, fewer, last, found, seed):
            return _without_pairs(simulation, fewer, last, found, seed)
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
    lockstep = Lockstep(simulation.scope, seed, simulation)
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
