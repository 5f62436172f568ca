"""Writes formulas out for given elements: each z3 expression is read once, then instantiated as often as needed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import z3

from model.expression import Algebra, Atom, Node
from model.language import ModelError, Relation, Sort, System
from model.scope import Scope

Bindings = dict[str | int, Node]  # the element for each variable by name, and what has been worked out, by number
Instance = Callable[[Bindings], Node]
Cell = Callable[[Atom], Node]


class Reader:
    """Turns z3 expressions over a system into functions from elements of a scope to ground expressions.

    `cell` says what stands for a cell of a relation that can change; frozen relations are looked up in the scope.
    """

    def __init__(self, system: System, scope: Scope, algebra: Algebra, cell: Cell) -> None:
        self._algebra, self._cell, self._frozen = algebra, cell, scope.frozen
        self._sizes = {sort.__name__: size for sort, size in scope.sizes.items()}
        self._relations = {r.name: (r, False) for r in system.relations}
        self._relations |= {f"{r.name}'": (r, True) for r in system.mutable}
        self._kept: list[Any] = []  # z3 gives the number of a freed expression to another
        self._instances: dict[tuple[int, tuple[str, ...]], Instance] = {}

    def elements(self, variables: Sequence[Any]) -> list[Bindings]:
        """Every way to choose elements for the variables, in numerical order."""
        names = [v.decl().name() for v in variables]
        return [dict(zip(names, chosen, strict=True)) for chosen in self._chosen([v.sort() for v in variables])]

    def read(self, expression: Any, bound: tuple[str, ...] = ()) -> Instance:
        """`bound` names the quantified variables around the expression, outermost first."""
        key = expression.get_id(), bound
        if key not in self._instances:
            self._kept.append(expression)
            instance = self._read(expression, bound)
            self._instances[key] = _once(len(self._instances), instance) if expression.children() else instance
        return self._instances[key]

    def pick(self, relation: Relation) -> Callable[[Node, Node, Node], Node]:
        """How to choose between two values of the relation."""
        return self._algebra.choice if issubclass(relation.gives, Sort) else self._algebra.either

    def _read(self, expression: Any, bound: tuple[str, ...]) -> Instance:
        algebra = self._algebra
        if z3.is_var(expression):
            name = bound[-1 - z3.get_var_index(expression)]
            return lambda bindings: bindings[name]
        if z3.is_quantifier(expression):
            return self._quantified(expression, bound)
        name, kind = expression.decl().name(), expression.decl().kind()
        arguments = [self.read(a, bound) for a in expression.children()]
        if kind == z3.Z3_OP_UNINTERPRETED and name in self._relations:
            relation, after = self._relations[name]
            return lambda bindings: self._value(relation, after, [a(bindings) for a in arguments], ())
        if kind == z3.Z3_OP_UNINTERPRETED and not arguments:
            return lambda bindings: bindings[name]
        if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
            return _constant(algebra.true if kind == z3.Z3_OP_TRUE else algebra.false)
        if kind == z3.Z3_OP_DT_CONSTRUCTOR:
            constructors = [expression.sort().constructor(i) for i in range(expression.sort().num_constructors())]
            return _constant(algebra.number(constructors.index(expression.decl())))
        if kind == z3.Z3_OP_NOT:
            (denied,) = arguments
            return lambda bindings: algebra.negate(denied(bindings))
        if kind == z3.Z3_OP_AND:
            return lambda bindings: algebra.all(a(bindings) for a in arguments)
        if kind == z3.Z3_OP_OR:
            return lambda bindings: algebra.any(a(bindings) for a in arguments)
        if kind == z3.Z3_OP_IMPLIES:
            left, right = arguments
            return lambda bindings: algebra.any(_implication(algebra.negate(left(bindings)), right, bindings))
        return self._typed(expression, arguments)

    def _typed(self, expression: Any, arguments: Sequence[Instance]) -> Instance:
        """Operations that are for truths or for elements."""
        algebra, kind, boolean = self._algebra, expression.decl().kind(), z3.is_bool(expression.children()[-1])
        if kind == z3.Z3_OP_ITE:
            condition, then, otherwise = arguments
            pick = algebra.either if boolean else algebra.choice

            def choice(bindings: Bindings) -> Node:
                test = condition(bindings)
                if test.kind == "number":
                    return (then if test is algebra.true else otherwise)(bindings)
                return pick(test, then(bindings), otherwise(bindings))

            return choice
        same = (lambda x, y: algebra.either(x, y, algebra.negate(y))) if boolean else algebra.same
        if kind == z3.Z3_OP_EQ:
            one, other = arguments
            return lambda bindings: same(one(bindings), other(bindings))
        if kind in (z3.Z3_OP_DISTINCT, z3.Z3_OP_XOR):
            pairs = list(itertools.combinations(arguments, 2))
            return lambda bindings: algebra.all(algebra.negate(same(x(bindings), y(bindings))) for x, y in pairs)
        raise ModelError(f"{expression.decl().name()} is no word of the modelling language: {expression}")

    def _quantified(self, formula: Any, bound: tuple[str, ...]) -> Instance:
        # Named by depth: two nested variables of one name must stay two.
        names = tuple(f"bound {len(bound) + i}" for i in range(formula.num_vars()))
        body = self.read(formula.body(), bound + names)
        choices = self._chosen([formula.var_sort(i) for i in range(formula.num_vars())])
        gather = self._algebra.all if formula.is_forall() else self._algebra.any

        def instance(bindings: Bindings) -> Node:
            given: Bindings = {name: node for name, node in bindings.items() if isinstance(name, str)}
            return gather(body({**given, **dict(zip(names, chosen, strict=True))}) for chosen in choices)

        return instance

    def _chosen(self, sorts: Sequence[Any]) -> list[tuple[Node, ...]]:
        ranges = (range(self._sizes[sort.name()]) for sort in sorts)
        return [tuple(map(self._algebra.number, chosen)) for chosen in itertools.product(*ranges)]

    def _value(self, relation: Relation, after: bool, at: Sequence[Node], index: tuple[int, ...]) -> Node:
        """The value at indexes that may themselves depend on the state: one case for each value they can take."""
        if len(index) == len(at):
            if relation.frozen:
                return self._algebra.number(self._frozen[relation][index])
            return self._cell(Atom(relation, index, after))
        pick = self.pick(relation)
        *others, last = sorted(self._algebra.values(at[len(index)]))
        value = self._value(relation, after, at, (*index, last))
        for k in reversed(others):
            here = self._value(relation, after, at, (*index, k))
            value = pick(self._algebra.equals(at[len(index)], k), here, value)
        return value


def _constant(node: Node) -> Instance:
    return lambda bindings: node


def _implication(denied: Node, conclusion: Instance, bindings: Bindings) -> Iterator[Node]:
    yield denied
    yield conclusion(bindings)  # not worked out where the premise is false


def _once(key: int, instance: Instance) -> Instance:
    """Works an instance out once for the same bindings."""

    def remembered(bindings: Bindings) -> Node:
        found = bindings.get(key)
        if found is None:
            found = bindings[key] = instance(bindings)
        return found

    return remembered
