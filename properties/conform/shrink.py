"""Shorter traces: steps are left out, one run of them at a time, for as long as the same disagreement remains."""

from __future__ import annotations

from collections.abc import Sequence

from model.simulate import Simulation
from properties.conform.lockstep import Disagreement, Lockstep
from properties.conform.machine import Attempt


def run(simulation: Simulation, attempts: Sequence[Attempt], seed: int) -> Disagreement | None:
    """The first disagreement of these attempts; those that no longer exist are passed over."""
    lockstep = Lockstep(simulation.scope, seed, simulation)
    try:
        for move, breaks in attempts:
            if simulation.possible(lockstep.state, move):
                continue
            if breaks and simulation.failing(lockstep.state, move):
                continue
            lockstep.attempt(move, breaks)
        lockstep.close()
    except Disagreement as found:
        return found
    return None


def shortest(simulation: Simulation, found: Disagreement) -> Disagreement:
    """The disagreement with as few steps as leaving out leads to, about the same property."""
    best = found
    chunk = max(1, len(found.trace.steps) // 2)
    while True:
        attempts = attempts_of(simulation, best)
        shorter = None
        for start in range(0, len(attempts), chunk):
            tried = run(simulation, attempts[:start] + attempts[start + chunk :], found.trace.seed or 0)
            if tried and tried.broken[:1] == found.broken[:1] and len(tried.trace.steps) < len(best.trace.steps):
                shorter = tried
                break
        if shorter:
            best = shorter
            chunk = min(chunk, max(1, len(best.trace.steps) // 2))
        elif chunk == 1:
            return best
        else:
            chunk //= 2


def attempts_of(simulation: Simulation, found: Disagreement) -> list[Attempt]:
    return [(simulation.move(s.do, **s.with_), s.breaks) for s in found.trace.steps]
