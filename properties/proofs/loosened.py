"""A system that may miss one guard, whichever: what each is good for is then seen in one search, and not in many.

A state knows which guard has been missed on the way there, if any. From then on that one may be missed again, and no
other. So the states where one guard was missed, with those before, are the states of the system without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

from model.language import Action, Claim, Effect, Formula, Relation, State, System, Taken

Guard = tuple[str, str]  # the names of an action and of what it requires
MISSED = "missed."  # how the names of relations begin that tell which was missed


class Loosened(System):
    """`system`, in which one of the guards may be missed: `missed` has the relation that tells, for each."""

    def __init__(self, system: System, guards: Iterable[Guard]) -> None:
        self.__dict__.update(vars(system))
        self._whole = system
        self.missed = {guard: _flag(guard) for guard in guards}
        self.relations = [*system.relations, *self.missed.values()]
        self._states = {}

    def take(self, action: Action, arguments: Sequence[Any], before: State) -> Taken:
        """The action, accepted too if one guard alone fails, and no other was missed before."""
        taken = self._whole.take(action, arguments, before)
        asked = dict(taken.guards)
        loose = [name for name in asked if (action.name, name) in self.missed]
        for name in loose:
            guard, flag = asked[name], self.missed[action.name, name]
            others = [before.value(other, ()) for other in self.missed.values() if other is not flag]
            alone = [z3.Not(z3.Or(*others)), *(asked[other] for other in loose if other != name)]
            taken.guards[name] = z3.Or(guard, z3.And(*alone))
            taken.effects.append(Effect(flag, (), (), z3.Or(before.value(flag, ()), z3.Not(guard))))
        taken.after = before.with_effects(taken.effects)
        return taken


def _flag(guard: Guard) -> Relation:
    relation = Relation()
    relation.name = MISSED + ".".join(guard)
    return relation


class Kept(Claim):
    """The claims about states and steps are kept by every step, even where this guard has been missed."""

    def __init__(self, system: Loosened, guard: Guard, claims: Iterable[Claim]) -> None:
        self.guard, self.claims, self._missed = guard, list(claims), system.missed[guard]
        self.about, self.parameters, self.lemmas = "step", {}, ()
        self.name = f"{', '.join(map(repr, self.claims))} without {'.'.join(guard)}"
        self.sentence = f"Kept: {self.name}."

    def instance(self, variables: Sequence[Any], before: State, after: State | None = None) -> Formula:
        assert after is not None
        kept = [c.formula(before, after) if c.about == "step" else c.formula(after) for c in self.claims]
        return z3.Implies(after.value(self._missed, ()), z3.And(*kept))
