"""Formulas with their variables and quantifiers, in the words of a language with typed arrays (Murphi's).

Every sort falls into classes: the elements that the configuration tells apart, and one class for each column of
elements that are alike (`alike.py`). An expression has one class, so what depends on the class alone is worked out
here: a quantifier over a sort becomes one over each class, a frozen relation a function, and what is always true or
always false goes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import z3

from model.export.alike import Alike
from model.export.layout import Joined
from model.export.names import Names
from model.export.terms import Class, Term, Truth, either, either_term, joined, negated, over, picked, same_term
from model.expression import Atom
from model.language import ModelError, Relation, Sort, System
from model.scope import Scope

Bound = tuple[Term, ...]


@dataclass(frozen=True)
class Variable:
    """The cells of a relation at elements of these classes: an array of so many dimensions as have a choice."""

    relation: Relation
    classes: tuple[Class, ...]
    name: str

    @property
    def dimensions(self) -> list[Class]:
        return [c for c in self.classes if len(c) > 1]


@dataclass
class Lifted:
    """Turns z3 expressions about a system at a scope into text. `reads` collects the cells that the text reads;
    of variables in `old`, the old values are read, under the name that stands there. `domains` are the values that
    each cell takes: variables that never change are no variables. `function` writes the call of a frozen relation,
    given its arguments, or None and a number where an argument is known."""

    system: System
    scope: Scope
    names: Names
    alikes: list[Alike]
    function: Callable[[Relation, Sequence[Term | None], Sequence[int]], str]
    domains: Mapping[Atom, frozenset[int]]
    reads: set[tuple[Variable, str]] = field(default_factory=set)
    old: dict[Variable, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scalarsets = {a: self.names.new(f"Any_{a.rows[0][0].sort.__name__}") for a in self.alikes}
        self.classes = {sort: list(self._classes(sort)) for sort in self.scope.names}
        self._sorts = {sort.__name__: sort for sort in self.scope.names}
        self._relations = {r.name: r for r in self.system.relations}
        self.variables: dict[tuple[Relation, tuple[Class, ...]], Variable] = {}
        for relation in self.system.mutable:
            for classes in itertools.product(*(self.classes[sort] for sort in relation.of)):
                self.variables[relation, classes] = Variable(relation, classes, self._name(relation, classes))
        self.constants = {v: k for v in self.variables.values() if (k := self._constant(v)) is not None}

    def _constant(self, variable: Variable) -> int | None:
        """What all its cells say all the time."""
        cells = itertools.product(*(c.elements for c in variable.classes))
        values = frozenset[int]().union(*(self.domains[Atom(variable.relation, at)] for at in cells))
        return min(values) if len(values) == 1 else None

    def _classes(self, sort: type[Sort]) -> Iterator[Class]:
        columns = [(a, column) for a in self.alikes for column in a.columns if column[0].sort is sort]
        alike = {e.number for _, column in columns for e in column}
        apart = tuple(i for i in range(len(self.scope.names[sort])) if i not in alike)
        if apart:
            yield Class(sort, apart, self.names.sort(sort))
        for a, column in columns:
            yield Class(sort, tuple(e.number for e in column), self.scalarsets[a], a)

    def _name(self, relation: Relation, classes: tuple[Class, ...]) -> str:
        several = [c for c in classes if len(self.classes[c.sort]) > 1]
        told = [self.names.element(c.sort, c.elements[0]) if len(c) == 1 else c.type for c in several]
        return self.names.of(relation, *told)

    def range(self, relation: Relation) -> Class | None:
        """What the relation gives, None for truths. ModelError if that is of several classes."""
        if not issubclass(relation.gives, Sort):
            return None
        classes = self.classes[relation.gives]
        if len(classes) > 1:
            raise ModelError(f"{relation} gives elements of which some are alike and others are not")
        return classes[0]

    def element(self, sort: type[Sort], number: int) -> Term:
        of = next(c for c in self.classes[sort] if number in c.elements)
        return Term(of, self.names.element(sort, number), number)

    def choices(self, variables: Iterable[tuple[str, type[Sort]]], taken: Iterable[str]) -> Iterator[list[Term]]:
        """A way for each choice of classes: elements that are alone as they are, else variables with fresh names."""
        variables, taken = list(variables), set(taken)
        for classes in itertools.product(*(self.classes[sort] for _, sort in variables)):
            used, terms = set(taken), []
            for (name, _), of in zip(variables, classes, strict=True):
                if len(of) == 1:
                    terms.append(self.element(of.sort, of.elements[0]))
                else:
                    fresh = self.names.local(name, used)
                    used.add(fresh)
                    terms.append(Term(of, fresh))
            yield terms

    def truth(self, formula: Any, known: Mapping[str, Term], bound: Bound = ()) -> Truth:
        """`known` are the variables by their z3 names, `bound` those of the quantifiers around, the innermost last."""
        if z3.is_quantifier(formula):
            return self._quantified(formula, known, bound)
        kind, children = formula.decl().kind(), formula.children()
        if kind == z3.Z3_OP_UNINTERPRETED:
            relation = self._relations[formula.decl().name()]
            at = [self.term(c, known, bound) for c in children]
            if relation.frozen:
                value = self._frozen(relation, at)
                assert not isinstance(value, Term)
                return value
            constant = self.constants.get(self.variable(relation, at))
            return self.cell(relation, at) if constant is None else bool(constant)
        if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
            return bool(kind == z3.Z3_OP_TRUE)
        if kind == z3.Z3_OP_NOT:
            return negated(self.truth(children[0], known, bound))
        if kind in (z3.Z3_OP_AND, z3.Z3_OP_OR):
            return joined(kind == z3.Z3_OP_AND, (self.truth(c, known, bound) for c in children))
        if kind == z3.Z3_OP_IMPLIES:
            premise = self.truth(children[0], known, bound)
            if premise is False:
                return True
            conclusion = self.truth(children[1], known, bound)
            if isinstance(premise, bool) or isinstance(conclusion, bool):
                return joined(False, [negated(premise), conclusion])
            return Joined(" -> ", [premise, conclusion])
        if kind == z3.Z3_OP_ITE:
            test = self.truth(children[0], known, bound)
            if isinstance(test, bool):
                return self.truth(children[1 if test else 2], known, bound)
            return either(test, self.truth(children[1], known, bound), self.truth(children[2], known, bound))
        if z3.is_bool(children[-1]) and kind in (z3.Z3_OP_EQ, z3.Z3_OP_XOR, z3.Z3_OP_DISTINCT):
            one, other = (self.truth(c, known, bound) for c in children)
            if isinstance(one, bool) or isinstance(other, bool):
                same = either(one, other, negated(other)) if isinstance(one, bool) else either(other, one, negated(one))
            else:
                same = Joined(" = ", [one, other])
            return same if kind == z3.Z3_OP_EQ else negated(same)
        if kind in (z3.Z3_OP_EQ, z3.Z3_OP_DISTINCT):
            terms = [self.term(c, known, bound) for c in children]
            pairs = itertools.combinations(terms, 2)
            return same_term(*terms) if kind == z3.Z3_OP_EQ else joined(True, (negated(same_term(*p)) for p in pairs))
        raise ModelError(f"{formula.decl().name()} is no word of the modelling language: {formula}")

    def term(self, formula: Any, known: Mapping[str, Term], bound: Bound = ()) -> Term:
        """An element-valued expression."""
        if z3.is_var(formula):
            return bound[-1 - int(z3.get_var_index(formula))]
        kind, children, name = formula.decl().kind(), formula.children(), formula.decl().name()
        if kind == z3.Z3_OP_DT_CONSTRUCTOR:
            constructors = [formula.sort().constructor(i) for i in range(formula.sort().num_constructors())]
            return self.element(self._sorts[formula.sort().name()], constructors.index(formula.decl()))
        if kind == z3.Z3_OP_ITE:
            test = self.truth(children[0], known, bound)
            if isinstance(test, bool):
                return self.term(children[1 if test else 2], known, bound)
            return either_term(test, self.term(children[1], known, bound), self.term(children[2], known, bound))
        if kind == z3.Z3_OP_UNINTERPRETED and not children and name not in self._relations:
            return known[name]
        relation, at = self._relations[name], [self.term(c, known, bound) for c in children]
        if relation.frozen:
            value = self._frozen(relation, at)
            assert isinstance(value, Term)
            return value
        constant = self.constants.get(self.variable(relation, at))
        of = self.range(relation)
        assert of
        return Term(of, self.cell(relation, at)) if constant is None else self.element(of.sort, constant)

    def variable(self, relation: Relation, at: Sequence[Term]) -> Variable:
        return self.variables[relation, tuple(term.of for term in at)]

    def place(self, relation: Relation, at: Sequence[Term]) -> str:
        """Where in its variable the cell is: `[phone][companion]`."""
        return "".join(f"[{term.text}]" for term in at if len(term.of) > 1)

    def cell(self, relation: Relation, at: Sequence[Term]) -> str:
        variable, place = self.variable(relation, at), self.place(relation, at)
        self.reads.add((variable, place))
        return self.old.get(variable, variable.name) + place

    def _quantified(self, formula: Any, known: Mapping[str, Term], bound: Bound) -> Truth:
        names = [formula.var_name(i).partition("!")[0] for i in range(formula.num_vars())]
        sorts = [self._sorts[formula.var_sort(i).name()] for i in range(formula.num_vars())]
        taken = [term.text for term in [*known.values(), *bound]]
        forall = formula.is_forall()
        ways = self.choices(zip(names, sorts, strict=True), taken)
        return joined(
            forall, (over(forall, terms, self.truth(formula.body(), known, (*bound, *terms))) for terms in ways)
        )

    def _frozen(self, relation: Relation, at: Sequence[Term]) -> Truth | Term:
        """What the configuration says: for elements that are alike, it depends on which of them are the same."""
        unknown = [i for i, term in enumerate(at) if term.of.alike and term.number is None]

        def cases(rows: dict[int, int]) -> Truth | Term:
            if len(rows) == len(unknown):
                return self._looked_up(relation, at, rows)
            here = unknown[len(rows)]
            like = [i for i in rows if at[i].of.alike is at[here].of.alike]
            if equal := [i for i in like if at[i].text == at[here].text]:
                return cases({**rows, here: rows[equal[0]]})
            others = {rows[i]: i for i in like}
            options = [(Joined(" = ", [at[here].text, at[i].text]), row) for row, i in others.items()]
            value: Truth | Term | None = None
            alike = at[here].of.alike
            assert alike
            if free := [row for row in range(len(alike.rows)) if row not in others]:
                value = cases({**rows, here: free[0]})
            for test, row in reversed(options):
                then = cases({**rows, here: row})
                value = then if value is None else picked(test, then, value)
            assert value is not None
            return value

        return cases({})

    def _looked_up(self, relation: Relation, at: Sequence[Term], rows: Mapping[int, int]) -> Truth | Term:
        """The value where the elements that are alike are in these rows."""
        fixed = {i: term.number if term.number is not None else term.of.elements[rows[i]] for i, term in enumerate(at)
                 if term.number is not None or i in rows}  # fmt: skip
        ranges = [[fixed[i]] if i in fixed else list(term.of.elements) for i, term in enumerate(at)]
        values = {self.scope.frozen[relation][index] for index in itertools.product(*ranges)}
        if len(values) == 1:
            (value,) = values
            if not issubclass(relation.gives, Sort):
                return bool(value)
            found = self.element(relation.gives, value)
            for i, row in rows.items():  # an element in the same row as an argument is written as that argument is
                if found.of.alike and found.of.alike is at[i].of.alike and found.of.elements[row] == value:
                    return Term(found.of, at[i].text)
            return found
        free = [None if i in fixed else term for i, term in enumerate(at)]
        text = self.function(relation, free, [fixed.get(i, 0) for i in range(len(at))])
        if not issubclass(relation.gives, Sort):
            return text
        return Term(self.class_of(relation.gives, values), text)

    def class_of(self, sort: type[Sort], elements: AbstractSet[int]) -> Class:
        """The class that has all of them."""
        return next(c for c in self.classes[sort] if elements <= {*c.elements})
