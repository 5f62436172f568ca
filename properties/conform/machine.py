"""Random walks: a Hypothesis state machine that the model drives; no action has a rule of its own.

A step draws one number: whose turn it is, what kind of attempt, and which. Everything else follows from the
state of the model, so that a walk stays long and shrinks well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from model.language import Action
from model.scope import Scope
from model.simulate import Move, Simulation, State
from model.systems import MULTI_DEVICE
from properties.conform.lockstep import Coverage, Disagreement, Lockstep, simulation_of
from properties.conform.registry import VIOLATES

KINDS = ("accepted",) * 5 + ("refused",) * 2 + ("violated",)  # most attempts should get somewhere
PATIENCE = 4  # attempts of one kind in a row, until one changes something
HEAD_START = 2  # attempts that one action may be ahead of another that is possible too
Attempt = tuple[Move, str | None]


@dataclass
class Options:
    """What can be attempted with one action: accepted, refused (by what fails), accepted but broken in bytes."""

    accepted: list[Attempt] = field(default_factory=list)
    refused: list[list[Attempt]] = field(default_factory=list)
    violable: list[Attempt] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.accepted or self.refused)

    def choose(self, kind: str, which: int) -> Iterator[Attempt]:
        """The attempt that the number says, and then those behind it, for when it comes to nothing."""
        if kind == "violated" and self.violable:
            chosen = self.violable
        elif self.refused and (kind == "refused" or not self.accepted):
            which, group = divmod(which, len(self.refused))
            chosen = self.refused[group]
        else:
            chosen = self.accepted
        start = which % len(chosen)
        return islice(cycle(chosen), start, start + min(len(chosen), PATIENCE))


def options(simulation: Simulation, state: State) -> dict[Action, Options]:
    found = {action: Options() for action in simulation.system.actions.values()}
    refused: dict[tuple[Action, tuple[str, ...]], list[Attempt]] = {}
    for move in simulation.moves(state):
        failing = simulation.failing(state, move)
        if failing:
            refused.setdefault((move.action, failing), []).append((move, None))
        else:
            found[move.action].accepted.append((move, None))
            found[move.action].violable += [(move, guard) for action, guard in VIOLATES if action is move.action]
    for (action, failing), attempts in refused.items():
        place = 0 if len(failing) == 1 else len(found[action].refused)
        found[action].refused.insert(place, attempts)
    return found


@dataclass
class Journal:
    """What all walks of a run share."""

    coverage: Coverage = field(default_factory=Coverage)
    tick: Callable[[], None] = lambda: None
    walks: int = 0
    found: list[Disagreement] = field(default_factory=list)


class Walk(RuleBasedStateMachine):
    """One walk. A subclass made by `machine` says at which scope."""

    simulation: ClassVar[Simulation]
    seed: ClassVar[int]
    journal: ClassVar[Journal]
    ways: ClassVar[tuple[tuple[Move, ...], ...]]

    def __init__(self) -> None:
        super().__init__()
        coverage = Coverage() if self.journal.found else self.journal.coverage
        self.journal.walks += not self.journal.found
        self.lockstep = Lockstep(self.simulation.scope, self.seed, coverage)
        self._options: dict[Action, Options] = {}
        self._attempts: Counter[Action] = Counter()
        self._left_out: set[Action] = set()
        self._failed = False

    @initialize(swarm=st.tuples(*[st.integers(0, 3)] * len(MULTI_DEVICE.actions)))
    def leave_out(self, swarm: tuple[int, ...]) -> None:
        """Each walk does without about a quarter of the actions (swarm testing, Groce et al. 2012).

        Where nobody is ever unlinked all seats fill up; where no phone is switched off much is linked.
        """
        drawn = zip(MULTI_DEVICE.actions.values(), swarm, strict=True)
        self._left_out = {action for action, number in drawn if number == 3}

    @initialize(way=st.integers(0, 2**16 - 1))
    def go_ahead(self, way: int) -> None:
        """Every other walk begins at the end of a tour: what is used up in a bad order is seldom got to at random."""
        which, at_the_start = divmod(way, 2)
        if self.ways and not at_the_start:
            for move in self.ways[which % len(self.ways)]:
                with self._noted():
                    self.lockstep.attempt(move)

    @property
    def options(self) -> dict[Action, Options]:
        if not self._options:
            self._options = options(self.simulation, self.lockstep.state)
        return self._options

    @property
    def fair(self) -> list[Action]:
        """The actions whose turn it is: what is rarely possible comes first when it is, or no walk gets deep."""
        existing = [action for action, options in self.options.items() if options]
        possible = [action for action in existing if action not in self._left_out] or existing
        fewest = min(self._attempts[action] for action in possible)
        return [action for action in possible if self._attempts[action] <= fewest + HEAD_START]

    @rule(choice=st.integers(0, 2**24 - 1))
    def attempt(self, choice: int) -> None:
        choice, action = divmod(choice, len(self.fair))
        which, kind = divmod(choice, len(KINDS))
        chosen = self.fair[action]
        self._attempts[chosen] += 1
        for move, guard in self.options[chosen].choose(KINDS[kind], which):
            with self._noted():
                before = self.lockstep.state
                if self.lockstep.attempt(move, guard) is None:
                    continue
            self.journal.tick()
            if self.lockstep.state != before:
                self._options = {}
                return
            if not (guard is None and KINDS[kind] == "accepted"):
                return

    def teardown(self) -> None:
        if not self._failed:
            with self._noted():
                self.lockstep.close()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except Disagreement as found:
            self._failed = True
            self.journal.found.append(found)
            raise


def machine(
    scope: Scope, *, seed: int = 0, journal: Journal | None = None, ways: Iterable[Sequence[Move]] = ()
) -> type[Walk]:
    """A state machine class that drives model and implementation side by side; bring it to any Hypothesis runner.

    `ways` are accepted moves from the start, at the end of which a walk may begin.
    """
    given = tuple(tuple(way) for way in ways)
    shared = {"simulation": simulation_of(scope), "seed": seed, "journal": journal or Journal(), "ways": given}
    return type("Walk", (Walk,), shared)
