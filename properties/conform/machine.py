"""Random walks: a Hypothesis state machine made from the model, one rule an action, no rule written by hand.

A rule draws two small numbers: what kind of attempt, and which. Everything else follows from the state of the
model, so that a walk stays long and shrinks well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from model.language import Action
from model.scope import Scope
from model.simulate import Move, Simulation
from model.systems import MULTI_DEVICE
from properties.conform.lockstep import Coverage, Lockstep
from properties.conform.registry import VIOLATES

ACCEPTED, REFUSED, VIOLATED = range(3)
Options = dict[Action, tuple[list[Move], list[list[Move]], list[tuple[Move, str]]]]


class Walk(RuleBasedStateMachine):
    """One walk. A subclass of `machine` has the rules, the scope and the coverage that all its walks share."""

    simulation: ClassVar[Simulation]
    seed: ClassVar[int]
    coverage: ClassVar[Coverage]
    tick: ClassVar[Callable[[], None]]

    def __init__(self) -> None:
        super().__init__()
        self.lockstep = Lockstep(self.simulation.scope, self.seed, self.simulation, self.coverage)
        self._options: Options | None = None

    @property
    def options(self) -> Options:
        """By action: accepted moves, refused ones grouped by the guards that fail, and guards to break in bytes."""
        if self._options is None:
            self._options = options(self.simulation, self.lockstep)
        return self._options

    def attempt(self, action: Action, kind: int, which: int) -> None:
        accepted, refused, violable = self.options[action]
        if kind == VIOLATED and violable:
            move, guard = violable[which % len(violable)]
            self.lockstep.attempt(move, guard)
        elif refused and (kind == REFUSED or not accepted):
            group = refused[which % len(refused)]
            self.lockstep.attempt(group[which // len(refused) % len(group)])
        else:
            self.lockstep.attempt(accepted[which % len(accepted)])
            self._options = None
        type(self).tick()

    def teardown(self) -> None:
        self.lockstep.close()


def options(simulation: Simulation, lockstep: Lockstep) -> Options:
    found: Options = {action: ([], [], []) for action in simulation.system.actions.values()}
    refused: dict[tuple[Action, tuple[str, ...]], list[Move]] = {}
    for move in simulation.moves(lockstep.state):
        failing = simulation.failing(lockstep.state, move)
        if failing:
            refused.setdefault((move.action, failing), []).append(move)
            continue
        accepted, _, violable = found[move.action]
        accepted.append(move)
        violable += [(move, guard) for (action, guard) in VIOLATES if action is move.action]
    for (action, failing), moves in sorted(refused.items(), key=lambda item: len(item[0][1])):
        found[action][1].append(moves)
    return found


def _rule(action: Action) -> Any:
    def attempt(self: Walk, kind: int, which: int) -> None:
        self.attempt(action, kind, which)

    def possible(self: Walk) -> bool:
        return any(self.options[action])

    attempt.__name__ = action.name.replace(".", "_")
    kinds, numbers = st.integers(ACCEPTED, VIOLATED), st.integers(0, 4095)
    return precondition(possible)(rule(kind=kinds, which=numbers)(attempt))


def machine(
    scope: Scope, *, seed: int = 0, coverage: Coverage | None = None, tick: Callable[[], None] = lambda: None
) -> type[Walk]:
    """A state machine class that drives model and implementation side by side; bring it to any Hypothesis runner."""
    rules = {action.name.replace(".", "_"): _rule(action) for action in MULTI_DEVICE.actions.values()}
    shared = {
        "simulation": Simulation(MULTI_DEVICE, scope),
        "seed": seed,
        "coverage": coverage or Coverage(),
        "tick": staticmethod(tick),
    }
    return type("Walk", (Walk,), {**rules, **shared})
