"""Candidates for lemmas: clauses of a few literals over the relations of a system, about a few elements.

A literal is a relation, or an equation of two elements, at variables or at what a function says of them: `linked(d)`,
`signed(u, current(u))`, `account(d) = owner(d)`; or its denial. A clause says that one of its literals holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from model.language import Claim, Formula, Relation, Sort, State, System

Sorts = tuple[type[Sort], ...]
Value = Callable[[Relation, tuple[Any, ...]], Any]


@dataclass(frozen=True)
class Term:
    """The variable of a number, or a function at variables."""

    sort: type[Sort]
    variables: tuple[int, ...]
    function: Relation | None = None

    def value(self, elements: Sequence[Any], value: Value) -> Any:
        at = tuple(elements[i] for i in self.variables)
        return value(self.function, at) if self.function else at[0]


@dataclass(frozen=True)
class Literal:
    """`relation` at terms, or two terms that are one, or the denial of it."""

    relation: Relation | None
    terms: tuple[Term, ...]
    denied: bool = False

    def atom(self, elements: Sequence[Any], value: Value) -> Any:
        """The value without the denial."""
        at = tuple(term.value(elements, value) for term in self.terms)
        return value(self.relation, at) if self.relation else at[0] == at[1]


class Candidate(Claim):
    """The claim that one of the literals holds of any elements of these sorts."""

    def __init__(self, sorts: Sorts, literals: Sequence[Literal]) -> None:
        self.literals, self.about, self.lemmas = tuple(literals), "state", ()
        self.parameters = dict(zip(names(sorts), sorts, strict=True))
        self.name = self.sentence = written(self.literals, list(self.parameters))

    def instance(self, variables: Sequence[Any], before: State, after: State | None = None) -> Formula:
        atoms = [(literal.atom(variables, before.value), literal.denied) for literal in self.literals]
        return z3.Or(*[z3.Not(atom) if denied else atom for atom, denied in atoms])


def literals(system: System, sorts: Sorts) -> list[Literal]:
    """Every atom over variables of these sorts, undenied. Sorts of a fixed size are left out."""
    terms = [Term(sort, (i,)) for i, sort in enumerate(sorts)]
    for function in system.relations:
        if function.gives is not bool and issubclass(function.gives, Sort) and not function.gives.fixed_size:
            places = [[i for i, sort in enumerate(sorts) if sort is of] for of in function.of]
            terms += [Term(function.gives, at, function) for at in itertools.product(*places)]
    found = []
    for relation in system.relations:
        if relation.gives is bool:
            of = [[term for term in terms if term.sort is sort] for sort in relation.of]
            found += [Literal(relation, at) for at in itertools.product(*of)]
    pairs = ((one, other) for one, other in itertools.combinations(terms, 2) if one.sort is other.sort)
    return [*found, *(Literal(None, pair) for pair in pairs)]


def names(sorts: Sorts) -> list[str]:
    """A name for a variable of each sort: device, another_device."""
    found: list[str] = []
    for sort in sorts:
        name = "list" if sort.__name__.endswith("List") else sort.__name__.lower()
        found.append(f"another_{name}" if name in found else name)
    return found


def written(literals: Sequence[Literal], variables: list[str]) -> str:
    """The clause as it would stand in the file of lemmas: what is denied are premises."""
    premises = " & ".join(_text(literal, variables) for literal in literals if literal.denied)
    conclusions = " | ".join(_text(literal, variables) for literal in literals if not literal.denied)
    if premises and conclusions:
        return f"implies({premises}, {conclusions})"
    return conclusions or f"~({premises})"


def source(candidate: Candidate) -> Iterator[str]:
    """The candidate as a lemma to be named and pasted."""
    yield "@invariant()"
    of = ", ".join(f"{name}: {sort.__name__}" for name, sort in candidate.parameters.items())
    yield f"def a_name_for_it({of}) -> Formula:"
    yield f"    return {candidate.name}"


def _text(literal: Literal, variables: list[str]) -> str:
    terms = [_term(term, variables) for term in literal.terms]
    return f"{_dotted(literal.relation)}({', '.join(terms)})" if literal.relation else f"({' == '.join(terms)})"


def _term(term: Term, variables: list[str]) -> str:
    at = ", ".join(variables[i] for i in term.variables)
    return f"{_dotted(term.function)}({at})" if term.function else at


def _dotted(relation: Relation) -> str:
    return f"{relation.owner}.{relation.name.rpartition('.')[2]}"
