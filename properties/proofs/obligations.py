"""What must be shown: one obligation a claim and action, as formulas that ought to contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import z3

from model.fragment import Edge, edges
from model.language import Action, Claim, Formula, Relation, State, System, Taken, read
from model.mentioned import mentioned
from properties.property import Property


@dataclass(frozen=True)
class Obligation:
    """A claim to be shown over one action, or if `action` is None at the start; progress, on its way."""

    claim: Claim
    action: Action | None

    def __str__(self) -> str:
        alone = "on the way" if self.claim.through else "at the start"
        return f"{self.claim} over {self.action}" if self.action else f"{self.claim} {alone}"


@dataclass(frozen=True)
class Question:
    """Is there a state in which all that is `assumed` and the `conditions` hold, and a step that leaves `broken` true?

    Both have names: axioms and lemmas their own, conditions those of the action. `suspects` are parts of `broken`
    with a name each, where it has such parts.
    """

    claim: Claim
    taken: Taken | None
    variables: list[Any]
    assumed: dict[str, Formula]
    conditions: dict[str, Formula]
    broken: Formula
    suspects: dict[str, Formula] = field(default_factory=dict)

    def less(self, without: Collection[tuple[str, str]]) -> Question:
        """The same without these conditions, where it is about their actions."""
        action = self.taken.action.name if self.taken else ""
        kept = {name: formula for name, formula in self.conditions.items() if (action, name) not in without}
        return replace(self, conditions=kept)

    def formulas(self) -> list[Formula]:
        """All of it: they contradict each other if the obligation is met."""
        return [*self.assumed.values(), *self.conditions.values(), self.broken]


class Obligations:
    """Reads the obligations of a system; what several share is read once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.before = system.state()
        self.axioms = {repr(axiom): axiom.formula(self.before) for axiom in system.axioms}
        self._taken: dict[Action, Taken] = {}
        self._formulas: dict[Claim, Formula] = {}
        self._edges: dict[int, tuple[Formula, frozenset[Edge]]] = {}

    def of(self, properties: Iterable[Property]) -> Iterator[Obligation]:
        """Every property and lemma, at the start and over every action."""
        claims = {claim: None for property in properties for claim in property.closure()}
        for action in [None, *self.system.actions.values()]:
            yield from (Obligation(claim, action) for claim in claims)

    def taken(self, action: Action) -> Taken:
        """The action at any arguments, in any state."""
        if action not in self._taken:
            self._taken[action] = self.system.take(action, self.system.arguments(action), self.before)
        return self._taken[action]

    def formula(self, claim: Claim) -> Formula:
        """The claim about all elements, in any state."""
        if claim not in self._formulas:
            self._formulas[claim] = claim.formula(self.before)
        return self._formulas[claim]

    def edges(self, question: Question) -> set[Edge]:
        """Which sorts make which, in all formulas of the question."""
        return {edge for formula in question.formulas() for edge in self._edges_of(formula)}

    def question(self, obligation: Obligation) -> Question | None:
        """None if there is nothing to ask: the action changes nothing that the claim reads."""
        claim, action = obligation.claim, obligation.action
        kind = claim.kind if isinstance(claim, Property) else "always"
        if kind == "progress":
            assert isinstance(claim, Property)
            return None if action else self._progress(claim)
        if action is None:
            return self._start(claim) if kind == "always" else None
        if kind == "independent":
            assert isinstance(claim, Property)
            return self._independent(claim, action)
        return self._refusal(claim, action) if kind == "refusal" else self._step(claim, action)

    def _start(self, claim: Claim) -> Question:
        variables = claim.variables(self.before.universe)
        broken = z3.Not(claim.instance(variables, self.system.start(self.before)))
        return Question(claim, None, variables, self.axioms, {}, broken)

    def _step(self, claim: Claim, action: Action) -> Question | None:
        taken, variables = self.taken(action), claim.variables(self.before.universe)
        about_step = claim.about == "step"
        unchanged = claim.instance(variables, self.before, self.before if about_step else None)
        if not {effect.relation for effect in taken.effects} & mentioned(unchanged, self.system):
            return None
        assumed = {repr(c): self.formula(c) for c in claim.closure() if c.about == "state"}
        states = (self.before, taken.after) if about_step else (taken.after, None)
        broken = z3.Not(claim.instance(variables, *states))
        return Question(claim, taken, variables, self.axioms | assumed, taken.when | taken.guards, broken)

    def _independent(self, claim: Property, action: Action) -> Question | None:
        """Two states that differ only in `claim.of` enable the same action, with the same outcome elsewhere.

        Nothing to ask where nobody acts, and of an action that is about `claim.of` itself, since it changes it.
        """
        one = self.taken(action)
        if one.actor is None or any(effect.relation in claim.of for effect in one.effects):
            return None
        other = State(self.system, self.before.universe, self.before.meaning)
        for relation in claim.of:
            other.meaning[relation] = self.system.state(prime="'").meaning[relation]
        two = self.system.take(action, one.arguments, other)
        of = " and ".join(map(repr, claim.of))
        suspects = {
            f"its condition {name} depends on {of}": here != (two.when | two.guards)[name]
            for name, here in (one.when | one.guards).items()
        }
        differs = [_all_hold(one) != _all_hold(two)]
        for effect in one.effects:
            if effect.relation not in claim.of:
                differs.append(_differ(self.before.universe, effect.relation, one.after, two.after))
                suspects[f"its effect on {effect.relation} depends on {of}"] = differs[-1]
        assumed = self.axioms | {"actor": claim.instance([one.actor], self.before)}
        return Question(claim, one, [], assumed, {}, z3.Or(*differs), suspects)

    def _progress(self, claim: Property) -> Question:
        """The moves of its way are possible and accepted, make it true of these elements, and of none untrue.

        So with each way there are fewer elements of which it is not true, and at last there are none.
        """
        assert claim.way
        variables, others = claim.variables(self.before.universe), claim.variables(self.before.universe)
        narrowed, state, must = self.system.among(claim.through), self.before, list[Formula]()
        for action, *arguments in read(claim.way, variables, self.before):
            taken = narrowed.take(narrowed.action(action.name), arguments, state)
            must += [*taken.when.values(), *taken.guards.values()]
            state = taken.after
        must.append(claim.instance(variables, state))
        undone = claim.instance(others, self.before) & ~claim.instance(others, state)
        assumed = {repr(c): self.formula(c) for c in claim.closure()[1:]}
        broken = z3.And(z3.Not(claim.instance(variables, self.before)), z3.Or(z3.Not(z3.And(*must)), undone))
        return Question(claim, None, variables, self.axioms | assumed, {}, broken)

    def _refusal(self, claim: Claim, action: Action) -> Question | None:
        """A refused attempt leaves every relation as it was: what an attempt means in this language.

        Nothing to ask of an action without guards, which nobody refuses.
        """
        taken = self.taken(action)
        if not taken.guards:
            return None
        attempted = taken.attempted(self.before)
        changed = dict.fromkeys(effect.relation for effect in taken.effects)
        differs = [_differ(self.before.universe, relation, attempted, self.before) for relation in changed]
        return Question(claim, taken, [], {"refused": z3.Not(z3.And(*taken.guards.values()))}, {}, z3.Or(*differs))

    def _edges_of(self, formula: Formula) -> frozenset[Edge]:
        key = formula.get_id()
        if key not in self._edges:
            self._edges[key] = formula, edges(formula)  # kept, because z3 gives the number of a dead formula again
        return self._edges[key][1]


def _all_hold(taken: Taken) -> Formula:
    return z3.And(*taken.when.values(), *taken.guards.values())


def _differ(universe: Any, relation: Relation, one: State, other: State) -> Formula:
    at = [z3.FreshConst(universe.sort(sort)) for sort in relation.of]
    return one.value(relation, at) != other.value(relation, at)
