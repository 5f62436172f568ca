"""Model and implementation side by side: after every attempt they must agree, on the answer and on what is seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

from impl.refusal import Refused
from model.language import Relation, Sort
from model.scope import Scope
from model.simulate import Move, Simulation, State
from model.systems import MULTI_DEVICE
from model.trace import Step, Trace
from properties.catalogue import CATALOGUE
from properties.conditions import guards
from properties.conform import (  # noqa: F401 - for what they register
    appstate,
    backup,
    calls,
    codes,
    demand,
    ephemeral,
    freshness,
    groups,
    identities,
    observe,
    pairings,
    perform,
    receipts,
    renewals,
    retries,
    sessions,
    state_loss,
    violate,
)
from properties.conform.registry import OBSERVES, PERFORMS, VIOLATES
from properties.conform.world import PhoneIsOff, World
from properties.property import Property

NEVER_BY_NAME = {
    "for_this_device": {"intact"},  # nothing but the keys can tell for whom a ciphertext is
    "signatures": {"account_signature", "device_signature", "identity"},
    "nobody_has_left": {"renewed", "proposed"},  # a sender key is refused by drawing another; a patch is not proposed
    "nobody_was_unlinked": {"renewed"},
    "sender_key": {"no_sender_key", "member"},  # keys of who has left are forgotten
    "key_of_sender": {"no_sender_key", "member"},
    "reached": {"fresh"},  # a chain does not go back, whatever for
    "key": {"missing_key"},
    "keys": {"missing_key"},
    "key_not_retired": {"retired_key"},
    "key_of_the_last": {"retired_key"},
    "same_state": {"version", "snapshot_mac"},  # the number may tell already
    "not_older": {"version"},
    "unopened": {"opened_once"},
    "own_key": {"backup_key"},
    "no_doubt": {"identity"},
    "still_missing": {"target"},  # one list holds for whom the message is and who has not confirmed it
    "known_identity": {"identity"},
    "begun_since": {"met"},  # there is no session to speak in
    "prekey_there": {"intact"},  # there is nothing to open it with
    "of_another_account": {"call_creator"},
    "no_other_call": {"call_state"},
    "no_other_end": {"call_party", "fresh"},  # whoever is not at the other end has no part in the call any more
    "rang_there": {"call_party"},
    "author_listed": {"intact"},  # with a device that has left the list there is no session any more
    "still_listed": {"intact", "met"},
    "intact": {"code"},  # an answer that is none opens no better than one under another code
    "this_account": {"identity"},
    "this_companion": {"identity"},
    "account_key": {"identity"},
    "account_type": {"account_signature"},  # no prefix of hosted accounts is known
    "patch_mac": {"snapshot_mac"},  # what nobody has written has neither code
}
# under which other names the implementation may refuse what the model refuses for one reason
ALIASES = NEVER_BY_NAME | {
    "from_the_phone": {"account_signature", "device_signature", "author_listed"},  # a ghost is no own device at all
    "account_signature": {"identity"},  # somebody else is known at that address
}
STATED = [p for p in CATALOGUE.values() if p.stated]


@dataclass
class Coverage:
    """How often each action was accepted, and each guard broken alone: by the state, or by bytes made for it."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    alone: Counter[tuple[str, str]] = field(default_factory=Counter)
    violated: Counter[tuple[str, str]] = field(default_factory=Counter)
    phone_off: int = 0  # accepted steps of companions whose own phone was off at the time

    @property
    def steps(self) -> int:
        return self.accepted.total() + self.refused.total()

    def rows(self) -> list[tuple[str, str, int, int, int]]:
        """Action, guard (`-` if it has none), accepted, broken alone by the state, broken alone by bytes."""
        rows = []
        for action in MULTI_DEVICE.actions:
            for guard in guards(MULTI_DEVICE, action) or ["-"]:
                pair = action, guard
                rows.append((*pair, self.accepted[action], self.alone[pair], self.violated[pair]))
        return rows

    def untested(self) -> list[str]:
        """Guards that were never broken alone, and actions never accepted."""
        never = [f"{a} never accepted" for a in MULTI_DEVICE.actions if not self.accepted[a]]
        rows = (r for r in self.rows() if r[1] != "-" and not r[3] and not r[4])
        return never + [f"{action} never without {guard} alone" for action, guard, *_ in rows]


class Disagreement(AssertionError):
    """The implementation did what the model says it must not. `broken` are properties, first the plainest."""

    def __init__(self, lines: list[str], broken: list[str], trace: Trace) -> None:
        super().__init__("\n".join(lines))
        self.lines, self.broken, self.trace = lines, broken, trace


Positions = dict[Relation, dict[tuple[str, ...], tuple[tuple[int, ...], int]]]
Values = dict[Relation, dict[bool | str, int]]


@cache
def _tables(simulation: Simulation) -> tuple[Positions, Values]:
    """For every observable relation: where a state has its value at these names, and the numbers of its values."""
    positions: Positions = {}
    values: Values = {}
    for relation in OBSERVES:
        names = [list(enumerate(simulation.scope.names[sort])) for sort in relation.of]
        positions[relation] = {}
        for pairs in product(*names):
            index = tuple(i for i, _ in pairs)
            positions[relation][tuple(n for _, n in pairs)] = index, simulation.position(relation, *index)
        gives = relation.gives
        known: list[Any] = list(simulation.scope.names[gives]) if issubclass(gives, Sort) else [False, True]
        values[relation] = {value: i for i, value in enumerate(known)}
    return positions, values


_simulations: dict[str, Simulation] = {}


def simulation_of(scope: Scope) -> Simulation:
    """The executable model at a scope; made once for each, because that takes a while."""
    key = json.dumps(scope.to_json())
    if key not in _simulations:
        _simulations[key] = Simulation(MULTI_DEVICE, scope)
    return _simulations[key]


class Lockstep:
    """One run of both, from the start."""

    def __init__(self, scope: Scope, seed: int = 0, coverage: Coverage | None = None) -> None:
        self.simulation = simulation_of(scope)
        self.scope, self.seed = scope, seed
        self.world = World(scope, seed)
        self.state = self.simulation.start
        self.coverage = coverage or Coverage()
        self.steps: list[Step] = []
        self.refused_for: str | None = None  # the check that refused the last attempt
        self._positions, self._values = _tables(self.simulation)

    def go(self, move: Move) -> None:
        """An accepted move of both, without a look at what came of it. Raises Disagreement if it is refused."""
        before, self.state = self.state, self.simulation.step(self.state, move)
        refusal = self._perform(move, None)
        self.world.copies.copy()
        self._record(move, True, (), None, refusal is None)
        if refusal:
            raise self._disagreement(move, before, self.state, None, (), refusal, [])

    def attempt(self, move: Move, breaks: str | None = None) -> bool | None:
        """Both make the move, or attempt it with one guard broken in bytes. Raises Disagreement.

        Returns whether it was accepted; None if those bytes cannot be made here.
        """
        before, failing = self.state, self.simulation.failing(self.state, move)
        expected = not failing and breaks is None
        refusal = self._perform(move, breaks)
        if refusal == "impossible":
            return None
        accepted, self.refused_for = refusal is None, refusal
        after = self.simulation.step(before, move) if expected else before
        self.world.copies.copy()
        self._record(move, expected, (breaks,) if breaks else failing, breaks, accepted)
        wrong = self._differences(after)
        if accepted != expected or wrong or not self._for_its_own_reason(move, failing, breaks, refusal):
            raise self._disagreement(move, before, after, breaks, failing, refusal, wrong)
        self._count(move, before, failing, breaks)
        self.state = after
        return accepted

    def close(self) -> None:
        """At the end: every captured ciphertext once more, to every clone. Raises Disagreement."""
        self.world.copies.copy(again=True)
        wrong = self._differences(self.state)
        if wrong:
            raise Disagreement(self._seen(self.state, wrong), ["S4"], self.trace())

    def trace(self) -> Trace:
        return Trace(MULTI_DEVICE, self.scope, tuple(self.steps), found_by="conform", seed=self.seed)

    def _perform(self, move: Move, breaks: str | None) -> str | None:
        """None if the implementation accepted, else the name of the check that refused."""
        names = move.named(self.scope)
        try:
            if breaks is None:
                PERFORMS[move.action](self.world, **names)
            elif VIOLATES[move.action, breaks].make(self.world, **names) is False:
                return "impossible"
        except Refused as refused:
            return refused.check
        except PhoneIsOff:
            raise
        except Exception as crash:
            raise Disagreement(
                [f"{move.action} ended in {type(crash).__name__}: {crash}"], ["W1"], self.trace()
            ) from crash
        return None

    def _differences(self, state: State) -> list[tuple[Relation, tuple[int, ...], int]]:
        """Where what is seen differs from what the state says: relation, index, what is seen (-1: nothing known)."""
        found = []
        for relation, look in OBSERVES.items():
            positions, values = self._positions[relation], self._values[relation]
            for names, seen in look(self.world).items():
                index, position = positions[names]
                number = values.get(seen, -1)
                if state[position] != number:
                    found.append((relation, index, number))
        return found

    def _for_its_own_reason(
        self, move: Move, failing: tuple[str, ...], breaks: str | None, refusal: str | None
    ) -> bool:
        if refusal is None:
            return True
        if breaks is not None:
            return refusal in VIOLATES[move.action, breaks].refusals
        return len(failing) != 1 or refusal in {failing[0], *ALIASES.get(failing[0], ())}

    def _record(self, move: Move, expected: bool, by: Iterable[str], breaks: str | None, accepted: bool) -> None:
        self.steps.append(
            Step(
                do=move.action.name,
                with_=move.named(self.scope),
                expect="accepted" if expected else "refused",
                by=tuple(by),
                breaks=breaks,
                got="accepted" if accepted else "refused",
            )
        )

    def _count(self, move: Move, before: State, failing: tuple[str, ...], breaks: str | None) -> None:
        name = move.action.name
        if breaks is None and not failing:
            self.coverage.accepted[name] += 1
            actor = self.simulation.actor(move)
            if actor and not self.world.specs[actor].phone:
                self.coverage.phone_off += self.world.users[self.world.account(actor)] in self.world.off
            return
        self.coverage.refused[name] += 1
        if breaks is not None:
            self.coverage.violated[name, breaks] += 1
        elif len(failing) == 1:
            self.coverage.alone[name, failing[0]] += 1

    def _disagreement(
        self,
        move: Move,
        before: State,
        after: State,
        breaks: str | None,
        failing: tuple[str, ...],
        refusal: str | None,
        wrong: list[tuple[Relation, tuple[int, ...], int]],
    ) -> Disagreement:
        by = breaks or ", ".join(failing)
        expected = f"refused ({by})" if by else "accepted"
        got = f"refused ({refusal})" if refusal else "accepted"
        seen = after if refusal else self.simulation.step(before, move)
        for relation, index, number in self._differences(seen):
            if number >= 0:
                seen = self.simulation.replace(seen, relation, index, number)
        broken = [p.id for p in STATED if self._violated(p, before, seen)]
        if refusal and wrong and failing:
            broken.insert(0, "R1")
        broken += [each for each in self._protected(move, failing, breaks) if not broken]
        lines = [f"{move.action} was {got}, the model says {expected}", *self._seen(after, wrong)]
        return Disagreement(lines, broken, self.trace())

    def _protected(self, move: Move, failing: tuple[str, ...], breaks: str | None) -> list[str]:
        """What the guards that should have refused are there for, where the state that followed does not show it."""
        guards = (breaks,) if breaks else failing
        return [VIOLATES[move.action, g].breaks for g in guards if (move.action, g) in VIOLATES]

    def _violated(self, claim: Property, before: State, after: State) -> bool:
        states = (before, after) if claim.kind == "step" else (after,)
        return self.simulation.holds(claim, *states) is not None

    def _seen(self, state: State, wrong: list[tuple[Relation, tuple[int, ...], int]]) -> list[str]:
        lines = []
        for relation, index, number in wrong[:8]:
            names = ", ".join(self.scope.names[s][i] for i, s in zip(index, relation.of, strict=True))
            values = self.scope.names[relation.gives] if issubclass(relation.gives, Sort) else ["no", "yes"]
            seen = values[number] if number >= 0 else "something unknown"
            right = values[self.simulation.value(state, relation, *index)]
            lines.append(f"{relation}({names}): seen {seen}, the model says {right}")
        return lines
