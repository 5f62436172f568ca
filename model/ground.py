"""A system at a scope: no variables, no quantifiers, only what can really change.

Each action is read once with symbolic parameters and then written out for every tuple of elements. A cell that
no move can ever change from its first value is a constant: which cells those are, and which values the others
take, is computed together with the moves that are possible at all, as one least fixpoint.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import z3

from model.expression import Algebra, Atom, Node
from model.instance import Bindings, Instance, Reader
from model.language import Action, Claim, Effect, ModelError, Sort, System, premise
from model.scope import Scope

WORD = 64


class Place(NamedTuple):
    """Where the packed state keeps an atom: `width` bits of a 64-bit word, from bit `shift` up."""

    word: int
    shift: int
    width: int


@dataclass(frozen=True)
class GroundAction:
    """An action at given elements: possible where `condition` holds, it changes just the atoms in `updates`.

    Where it is possible, every claim about steps holds of this one if `lawful` does.
    """

    action: Action
    arguments: tuple[int, ...]
    condition: Node
    updates: dict[Atom, Node]
    lawful: Node

    def __str__(self) -> str:
        return f"{self.action}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True)
class GroundClaim:
    """A claim about all elements, and the premise of at least one of its instances."""

    claim: Claim
    holds: Node
    premise: Node

    @property
    def certain(self) -> bool:
        """It cannot fail at the scope."""
        return self.holds.is_number(1)

    @property
    def silent(self) -> bool:
        """It says nothing at the scope: there is nothing that it could be about."""
        return self.premise.is_number(0)


@dataclass(frozen=True)
class GroundGoal:
    """What can always still come true: `holds` is where it has, `moves` where each action, by its number, counts."""

    claim: Claim
    holds: Node
    moves: dict[int, Node]

    @property
    def certain(self) -> bool:
        """It is true at the scope, whatever happens."""
        return self.holds.is_number(1)


@dataclass(frozen=True)
class Ground:
    """A system at a scope.

    `domains` holds the values every atom can take, `layout` where the packed state (`words` 64-bit words) keeps
    those that have more than one; `start` is the first state, packed. The atoms of each of `groups` are kept side by
    side in one word, from the lowest bit up; those in `left` in the first `left_words` words, apart from all others.
    """

    system: System
    scope: Scope
    actions: list[GroundAction]
    claims: list[GroundClaim]
    domains: Mapping[Atom, frozenset[int]]
    first: Mapping[Atom, int]
    groups: tuple[tuple[Atom, ...], ...] = ()
    left: frozenset[Atom] = frozenset()
    goals: tuple[GroundGoal, ...] = ()
    layout: dict[Atom, Place] = field(init=False)
    words: int = field(init=False)
    left_words: int = field(init=False)

    def __post_init__(self) -> None:
        left = [group for group in self.together if self.left.issuperset(group)]
        right = [group for group in self.together if not self.left.issuperset(group)]
        layout: dict[Atom, Place] = {}
        used: list[int] = []
        for half in filter(None, (left, right)):
            first = len(used)
            used.append(0)
            for group in half:
                width = sum(map(self.width, group))
                # Without groups the order of the atoms is kept. Groups are wide and leave room that others may take.
                words = range(first, len(used)) if self.groups else [len(used) - 1]
                word = next((w for w in words if used[w] + width <= WORD), len(used))
                if word == len(used):
                    used.append(0)
                for atom in group:
                    layout[atom] = Place(word, used[word], self.width(atom))
                    used[word] += self.width(atom)
        object.__setattr__(self, "layout", layout)
        object.__setattr__(self, "words", max(1, len(used)))
        object.__setattr__(self, "left_words", 1 + max((layout[a].word for group in left for a in group), default=-1))

    @property
    def changing(self) -> list[Atom]:
        """The atoms that have more than one value."""
        return [atom for atom, domain in self.domains.items() if len(domain) > 1]

    @cached_property
    def speaking(self) -> dict[str, list[int]]:
        """The numbers of the claims about states, and about steps, that are not silent."""
        numbers: dict[str, list[int]] = {"state": [], "step": []}
        for number, claim in enumerate(self.claims):
            if not claim.silent:
                numbers[claim.claim.about].append(number)
        return numbers

    @property
    def together(self) -> list[tuple[Atom, ...]]:
        """The atoms that have more than one value, those of a group side by side."""
        grouped = {atom for group in self.groups for atom in group}
        return [*self.groups, *((atom,) for atom in self.changing if atom not in grouped)]

    def width(self, atom: Atom) -> int:
        """How many bits the value of an atom takes."""
        return max(self.domains[atom]).bit_length()

    @property
    def start(self) -> tuple[int, ...]:
        return self.pack(self.first)

    def pack(self, values: Mapping[Atom, int]) -> tuple[int, ...]:
        """The state as 64-bit words. Atoms that cannot change are left out."""
        words = [0] * self.words
        for atom, place in self.layout.items():
            words[place.word] |= values[atom] << place.shift
        return tuple(words)

    def unpack(self, words: Sequence[int]) -> dict[Atom, int]:
        """The value of every atom in a packed state."""
        changing = {a: int(words[p.word]) >> p.shift & (1 << p.width) - 1 for a, p in self.layout.items()}
        return {**self.first, **changing}


def ground(
    system: System, scope: Scope, without: Collection[tuple[str, str]] = frozenset(), claims: Iterable[Claim] = ()
) -> Ground:
    """`system` at `scope`, with the conditions in `without` dropped: `[("linking.confirm", "linking_secret")]`.

    Raises ModelError if an action has no such condition, and for a claim about anything but states and steps.
    """
    return _Grounder(system, scope).ground(frozenset(without), claims)


def instances(system: System, scope: Scope, claims: Iterable[Claim] = ()) -> int:
    """How many formulas there are to write out: an action at all its arguments and effects, a claim at all elements."""
    size = scope.sizes

    def tuples(sorts: Iterable[type[Sort]]) -> int:
        return prod(size[sort] for sort in sorts)

    def effects(action: Action) -> int:
        taken = system.take(action, system.arguments(action), system.state())
        sorts = {sort.__name__: sort for sort in size}
        return 1 + sum(tuples(sorts[free.sort().name()] for free in effect.free) for effect in taken.effects)

    actions = sum(tuples(a.parameters.values()) * effects(a) for a in system.actions.values())
    return actions + sum(tuples(claim.parameters.values()) for claim in claims)


@dataclass(frozen=True)
class _Written:
    """An action with symbolic arguments, ready to be written out for any elements."""

    action: Action
    conditions: list[Instance]
    effects: list[tuple[Effect, list[Instance], Instance]]


class _Grounder:
    def __init__(self, system: System, scope: Scope) -> None:
        self.system, self.scope = system, scope
        self.domains: dict[Atom, frozenset[int]] = {}
        self.algebra = Algebra(self.domains)
        self.reader = Reader(system, scope, self.algebra, self.cell)
        self.known: dict[Atom, int] = {}  # what the conditions of the action at hand say outright
        self.met: set[Atom] = set()

    def cell(self, atom: Atom) -> Node:
        self.met.add(atom)
        return self.algebra.number(self.known[atom]) if atom in self.known else self.algebra.atom(atom)

    def ground(self, without: frozenset[tuple[str, str]], claims: Iterable[Claim]) -> Ground:
        first = self.first()
        self.domains.update((atom, frozenset({value})) for atom, value in first.items())
        for name in without:
            self.system.condition(*name)
        actions = self.possible(without)
        self.known = {}
        grounded = [self.claim(claim) for claim in claims]
        laws = self.laws(c.holds for c in grounded if c.claim.about == "step")
        actions = [replace(action, lawful=self.lawful(action, laws)) for action in actions]
        return Ground(
            self.system,
            self.scope,
            actions,
            [c for c in grounded if not c.claim.through],
            self.domains,
            first,
            goals=tuple(self.goal(c, actions, without) for c in grounded if c.claim.through),
        )

    def first(self) -> dict[Atom, int]:
        start = self.system.start(self.system.state())
        values: dict[Atom, int] = {}
        for relation in (r for r in self.system.mutable if self.scope.has(r.of)):
            variables = [z3.FreshConst(start.universe.sort(sort), "i") for sort in relation.of]
            value = self.reader.read(start.value(relation, variables))
            for bindings in self.reader.elements(variables):
                index = numbers(bindings.values())
                values[Atom(relation, index)] = value(bindings).parts[0]
        return values

    def possible(self, without: frozenset[tuple[str, str]]) -> list[GroundAction]:
        """Every action that can ever happen.

        Nothing changes until an action is found that changes it; whatever has looked at what changes is looked at
        again. Meanwhile `domains` grows to the values that can occur.
        """
        instances = [
            (written, bindings)
            for action in self.system.actions.values()
            if self.scope.has(action.parameters.values())
            for variables in [self.system.arguments(action)]
            for written in [self.written(action, variables, without)]
            for bindings in self.reader.elements(variables)
        ]
        found: dict[int, GroundAction] = {}
        readers: dict[Atom, set[int]] = {}
        todo = dict.fromkeys(range(len(instances)))
        while todo:
            number = next(iter(todo))
            del todo[number]
            self.known, self.met = {}, set()
            if ground := self.instance(*instances[number]):
                found[number] = ground
            for atom in self.met:
                readers.setdefault(atom, set()).add(number)
            for atom, value in ground.updates.items() if ground else ():
                if not (values := self.algebra.values(value)) <= self.domains[atom]:
                    self.domains[atom] |= values
                    todo.update(dict.fromkeys(sorted(readers.get(atom, ()))))
        return [found[number] for number in sorted(found)]

    def written(
        self, action: Action, variables: list[Any], without: frozenset[tuple[str, str]], system: System | None = None
    ) -> _Written:
        system, read = system or self.system, self.reader.read
        taken = system.take(action, variables, system.state())
        conditions = {n: f for n, f in (taken.when | taken.guards).items() if (action.name, n) not in without}
        return _Written(
            action,
            [read(f) for f in conditions.values()],
            [(e, [read(i) for i in e.at], read(e.value)) for e in taken.effects],
        )

    def instance(self, written: _Written, elements: Bindings) -> GroundAction | None:
        """The action at these elements, as far as the domains go by now; None if it cannot happen."""
        conditions = []
        for condition in written.conditions:
            node = condition(dict(elements))
            if node is self.algebra.false:
                return None
            conditions.append(node)
            self.known.update(literals(node))
        updates: dict[Atom, Node] = {}
        for effect, at, value in written.effects:
            pick = self.reader.pick(effect.relation)
            for free in self.reader.elements(effect.free):
                here = elements | free
                places, new = [i(here) for i in at], value(here)
                for index in itertools.product(*(sorted(self.algebra.values(place)) for place in places)):
                    atom = Atom(effect.relation, index)
                    chosen = self.algebra.all(map(self.algebra.equals, places, index))
                    updates[atom] = pick(chosen, new, updates.get(atom) or self.cell(atom))
        changes = {atom: value for atom, value in updates.items() if value is not self.cell(atom)}
        return GroundAction(
            written.action, numbers(elements.values()), self.algebra.all(conditions), changes, self.algebra.true
        )

    def claim(self, claim: Claim) -> GroundClaim:
        if claim.about not in ("state", "step"):
            raise ModelError(f"{claim} is about a {claim.about}; only claims about states and steps can be explored")
        if not self.scope.has(claim.parameters.values()):
            return GroundClaim(claim, self.algebra.true, self.algebra.false)
        before, after = self.system.state(), self.system.state(prime="'") if claim.about == "step" else None
        variables = claim.variables(before.universe)
        body = claim.instance(variables, before, after)
        holds, meant = self.reader.read(body), self.reader.read(premise(body))
        instances = self.reader.elements(variables)
        return GroundClaim(
            claim,
            self.algebra.all(holds(bindings) for bindings in instances),
            self.algebra.any(meant(bindings) for bindings in instances),
        )

    def goal(self, ground: GroundClaim, actions: list[GroundAction], without: frozenset[tuple[str, str]]) -> GroundGoal:
        """Where each of the actions counts for the claim, and is possible."""
        narrowed = self.system.among(ground.claim.through)
        moves = dict[int, Node]()
        for action in narrowed.actions.values():
            variables = narrowed.arguments(action)
            written = self.written(action, variables, without, narrowed)
            names = [v.decl().name() for v in variables]
            for number, each in enumerate(actions):
                if each.action is action:
                    bindings: Bindings = dict(zip(names, map(self.algebra.number, each.arguments), strict=True))
                    moves[number] = self.algebra.all(condition(bindings) for condition in written.conditions)
        return GroundGoal(
            ground.claim, ground.holds, {n: node for n, node in sorted(moves.items()) if node is not self.algebra.false}
        )

    def laws(self, claims: Iterable[Node]) -> list[tuple[Node, dict[Atom, Node], Node]]:
        """Conjuncts about a step, what they read of its end as it is before, and what is left if that stays so."""
        conjuncts = self.algebra.all(claims)
        found = []
        for law in conjuncts.parts if conjuncts.kind == "and" else [conjuncts]:
            still = {a: self.algebra.atom(a._replace(after=False)) for a in self.algebra.atoms(law) if a.after}
            found.append((law, still, self.algebra.replaced(law, still)))
        return found

    def lawful(self, action: GroundAction, laws: Iterable[tuple[Node, dict[Atom, Node], Node]]) -> Node:
        """What must hold before this action for the laws to hold of it."""
        known = {atom: self.algebra.number(k) for atom, k in literals(action.condition)}
        changed = {atom._replace(after=True): value for atom, value in action.updates.items()}
        return self.algebra.all(
            self.algebra.replaced(law, known | still | changed) if changed.keys() & still else unmoved
            for law, still, unmoved in laws
        )


def numbers(nodes: Iterable[Node]) -> tuple[int, ...]:
    return tuple(node.parts[0] for node in nodes)


def literals(node: Node) -> Iterator[tuple[Atom, int]]:
    """Atoms with the value that they must have for the expression to hold."""
    match node.kind, node.parts:
        case "atom", (atom,):
            yield atom, 1
        case "equals", (atom, k):
            yield atom, k
        case "not", (Node(kind="atom", parts=(atom,)),):
            yield atom, 0
        case "and", parts:
            for part in parts:
                yield from literals(part)
