"""Tours by the explorer: the shortest way at a scope to where one guard of an action fails, and no other.

`python -m properties.conform.nearest settings` looks for all that are missing, in one pass, at a scope that can be
explored.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import z3

from model.language import Claim, Formula, State
from model.scope import Scope, scope
from model.simulate import Move
from model.systems import MULTI_DEVICE
from properties.conform.lockstep import simulation_of
from properties.conform.tours import Goal, missing, store
from properties.exploration.explore import explore


class Never(Claim):
    """The goal is never within reach, says the claim; the explorer is to refute it.

    To break a guard by the state it must fail where no other does; to break it in bytes, or to be accepted, none may.
    """

    def __init__(self, goal: Goal) -> None:
        name, self.guard, self.in_bytes = self.goal = goal
        self.about, self.lemmas, self.sentence = "state", (), ""
        self.action = MULTI_DEVICE.action(name)
        self.name, self.parameters = f"{name}.{self.guard or 'accepted'}", self.action.parameters

    def instance(self, variables: Sequence[Any], before: State, after: State | None = None) -> Formula:
        taken = MULTI_DEVICE.take(self.action, variables, before)
        by_state = self.guard and not self.in_bytes
        guards = taken.guards | {self.guard: z3.Not(taken.guards[self.guard])} if by_state else taken.guards
        return z3.Not(z3.And(*taken.when.values(), *guards.values()))


def search(scope: Scope, wanted: Iterable[Goal]) -> None:
    """Tours for those goals that the scope has a way to."""
    simulation = simulation_of(scope)
    claims = [Never(goal) for goal in wanted]
    for found in explore(MULTI_DEVICE, scope, claims, stop_at_first=False).counterexamples:
        never = found.violation.claim
        assert isinstance(never, Never)
        last = Move(never.action, found.violation.instance), never.guard if never.in_bytes else None
        store(simulation, never.goal, [(move, None) for move in found.violation.path], last)


if __name__ == "__main__":
    search(scope(sys.argv[1]), missing())
