"""Does a set of formulas stay in the fragment of quantified logic that a solver decides?

It does if the sorts can be put in an order: every function leads from its arguments' sorts to a later one, and so
does every existential quantifier from the universal ones around it (it is a function of them, after
Skolemization). Then only finitely many terms exist, and instantiation ends. Truth values and sorts of fixed size
do not count.

Source: Padon, Hoenicke, Losa, Podelski, Sagiv, Shoham, "Paxos Made EPR" (2017), section 3.2; Ge, de Moura, "Complete
Instantiation for Quantified Formulas in Satisfiability Modulo Theories" (2009).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import networkx as nx
import z3

from model.language import Formula

Edge = tuple[str, str]  # names of sorts: terms of the first make new terms of the second


class _Place(NamedTuple):
    """A formula where it stands: under which universal quantifiers, and asserted or denied (or either)."""

    formula: Formula
    around: frozenset[str]
    polarities: frozenset[bool]


ASSERTED = frozenset({True})
EITHER = frozenset({True, False})


def edges(formula: Formula) -> frozenset[Edge]:
    """What the formula, once asserted, makes of what."""
    found: set[Edge] = set()
    seen: set[tuple[int, frozenset[str], frozenset[bool]]] = set()
    todo = [_Place(formula, frozenset(), ASSERTED)]
    while todo:
        place = todo.pop()
        key = (place.formula.get_id(), place.around, place.polarities)
        if key not in seen:
            seen.add(key)
            found |= _edges_here(place)
            todo += _inside(place)
    return frozenset(found)


def cycle(edges: Iterable[Edge]) -> list[str]:
    """The sorts on a cycle, in order: what leaves the fragment. Empty if the sorts can be ordered."""
    try:
        return [edge[0] for edge in nx.find_cycle(nx.DiGraph(list(edges)))]
    except nx.NetworkXNoCycle:
        return []


def _edges_here(place: _Place) -> set[Edge]:
    formula = place.formula
    if z3.is_quantifier(formula):
        exists = {not asserted for asserted in place.polarities} if formula.is_forall() else place.polarities
        return {(outer, inner) for outer in place.around for inner in _bound(formula)} if True in exists else set()
    if z3.is_app(formula) and formula.num_args() and formula.decl().kind() == z3.Z3_OP_UNINTERPRETED:
        return {(child.sort().name(), formula.sort().name()) for child in formula.children() if _counts(formula, child)}
    return set()


def _counts(*terms: Formula) -> bool:
    return all(term.sort().kind() == z3.Z3_UNINTERPRETED_SORT for term in terms)


def _bound(quantifier: Formula) -> set[str]:
    sorts = [quantifier.var_sort(i) for i in range(quantifier.num_vars())]
    return {sort.name() for sort in sorts if sort.kind() == z3.Z3_UNINTERPRETED_SORT}


def _inside(place: _Place) -> list[_Place]:
    formula, around, polarities = place
    if z3.is_var(formula):
        return []
    if z3.is_quantifier(formula):
        universal = {asserted == formula.is_forall() for asserted in polarities}
        return [_Place(formula.body(), around | _bound(formula) if True in universal else around, polarities)]
    denied = frozenset(not asserted for asserted in polarities)
    children = formula.children()
    if z3.is_not(formula):
        turned = [denied]
    elif z3.is_implies(formula):
        turned = [denied, polarities]
    elif z3.is_and(formula) or z3.is_or(formula):
        turned = [polarities] * len(children)
    elif formula.decl().kind() == z3.Z3_OP_ITE and z3.is_bool(formula):
        turned = [EITHER, polarities, polarities]
    else:
        turned = [EITHER] * len(children)
    return [_Place(child, around, polarity) for child, polarity in zip(children, turned, strict=True)]
