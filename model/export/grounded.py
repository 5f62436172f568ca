"""A system at a scope, written out for languages without quantifiers: each step with its conditions by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import prod

from model.expression import Algebra, Atom, Node, value
from model.ground import Ground, GroundAction, ground, literals
from model.instance import Bindings, Reader
from model.language import Action, Claim, System
from model.scope import Scope

QUICK = 1 << 8


@dataclass(frozen=True)
class Step:
    """An action at given elements, by name. What always holds there is left out.

    `laws` is what must hold before the step for a claim about steps to hold of it.
    """

    action: Action
    arguments: dict[str, str]
    conditions: dict[str, Node]
    updates: dict[Atom, Node]
    laws: dict[Claim, Node]
    reads: dict[Atom, frozenset[Atom]]  # what the new value of each cell is made from

    @property
    def sentence(self) -> str:
        """What happens, with the elements in their places."""
        return self.action.sentence.format_map(self.arguments)

    def __str__(self) -> str:
        return f"{self.action}({', '.join(f'{name}={element}' for name, element in self.arguments.items())})"


@dataclass(frozen=True)
class Written:
    """Every step that can ever happen, and the claims about states that do not hold by themselves.

    `shape.layout` has the cells that change, `shape.first` their first values.
    """

    shape: Ground
    steps: list[Step]
    states: dict[Claim, Node]


def written(system: System, scope: Scope, claims: Iterable[Claim] = ()) -> Written:
    """Raises ModelError for a claim about anything but states and steps."""
    claims = list(claims)
    shape = ground(system, scope, claims=claims)
    algebra = Algebra(shape.domains)
    reader = Reader(system, scope, algebra, algebra.atom)
    conditions = {action: _Conditions(system, action, reader, algebra) for action in system.actions.values()}
    states = {c.claim: algebra.replaced(c.holds, {}) for c in shape.claims if c.claim.about == "state"}
    laws = {c.claim: algebra.replaced(c.holds, {}) for c in shape.claims if c.claim.about == "step"}

    def step(taken: GroundAction) -> Step:
        updates = {atom: algebra.replaced(value, {}) for atom, value in taken.updates.items()}
        sorts = taken.action.parameters.items()
        return Step(
            taken.action,
            {name: scope.names[sort][k] for (name, sort), k in zip(sorts, taken.arguments, strict=True)},
            conditions[taken.action].at(taken.arguments),
            updates,
            {c: n for c, law in laws.items() if (n := _before(algebra, law, taken, updates)) is not algebra.true},
            {atom: algebra.atoms(value) for atom, value in updates.items()},
        )

    kept = {claim: node for claim, node in states.items() if node is not algebra.true}
    return Written(shape, [step(taken) for taken in shape.actions], kept)


class _Conditions:
    """The conditions of an action, read once."""

    def __init__(self, system: System, action: Action, reader: Reader, algebra: Algebra) -> None:
        variables = system.arguments(action)
        taken = system.take(action, variables, system.state())
        self._names = [variable.decl().name() for variable in variables]
        self._instances = {name: reader.read(formula) for name, formula in (taken.when | taken.guards).items()}
        self._algebra = algebra

    def at(self, arguments: Iterable[int]) -> dict[str, Node]:
        bindings: Bindings = dict(zip(self._names, map(self._algebra.number, arguments), strict=True))
        found = {name: instance(dict(bindings)) for name, instance in self._instances.items()}
        return {name: node for name, node in found.items() if node is not self._algebra.true}


def _before(algebra: Algebra, law: Node, taken: GroundAction, updates: dict[Atom, Node]) -> Node:
    """What a claim about a step says of the state before it, given that the step is possible there."""
    known = {atom: algebra.number(k) for atom, k in literals(taken.condition)}

    def before(part: Node) -> Node:
        after = {
            atom: updates.get(was) or known.get(was) or algebra.atom(was)
            for atom in algebra.atoms(part)
            if atom.after
            for was in [atom._replace(after=False)]
        }
        node = algebra.replaced(part, known | after)
        return algebra.true if _tautology(algebra, node) else node

    return algebra.all(map(before, law.parts if law.kind == "and" else [law]))


def _tautology(algebra: Algebra, node: Node) -> bool:
    """It is true whatever the cells say, as far as that is quickly tried: simplification does not see everything."""
    atoms = sorted(algebra.atoms(node), key=str)
    ways = [sorted(algebra.domain(atom)) for atom in atoms]
    if prod(map(len, ways)) > QUICK:
        return False
    return all(value(node, dict(zip(atoms, way, strict=True))) for way in product(*ways))
