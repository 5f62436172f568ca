"""Which elements of a scope are interchangeable: the frozen relations cannot tell them apart.

Two companions of one account are, each together with its own key index and with what it writes. So what is exchanged
are rows: one element of each column, and a column belongs to one sort. Any permutation of the rows, with everything
else in its place, leaves the configuration as it is. Where elements are alike in other ways too (both messages of each
companion), that is left unused: languages with scalarsets have no word for it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from model.language import Relation, Sort, System
from model.scope import Scope

FARTHEST = 6  # pairs that move along with the first


class Element(NamedTuple):
    """One of the scope."""

    sort: type[Sort]
    number: int


@dataclass(frozen=True)
class Alike:
    """Rows of elements that can be exchanged for each other. All have the same sorts, in the same order."""

    rows: tuple[tuple[Element, ...], ...]

    @property
    def columns(self) -> list[tuple[Element, ...]]:
        return list(zip(*self.rows, strict=True))


def alike(system: System, scope: Scope) -> list[Alike]:
    """Disjoint sets of rows, as many rows in each as there can be."""
    search = _Search(system, scope)
    found: list[Alike] = []
    used: set[Element] = set()
    for first in search.elements:
        rows: list[tuple[Element, ...]] = []
        for other in search.elements:
            if {first, other} & used or search.colours[first] != search.colours[other] or first == other:
                continue
            pairs = search.swap(first, other)
            if pairs is None:
                continue
            row, partner = tuple(pairs), tuple(pairs.values())
            rows = rows or [row]
            if row == rows[0] and not {*partner} & {e for r in rows for e in r}:
                rows.append(partner)
        if rows and not used & {e for row in rows for e in row}:
            found.append(Alike(tuple(rows)))
            used |= {e for row in rows for e in row}
    return found


class _Search:
    """The configuration as a coloured structure."""

    def __init__(self, system: System, scope: Scope) -> None:
        self.relations = [r for r in system.relations if r.frozen]
        self.values = {r: scope.frozen[r] for r in self.relations}
        # Formulas may name the elements of a sort of fixed size, so those are never alike.
        sorts = [sort for sort in scope.names if sort.fixed_size is None]
        self.elements = [Element(sort, i) for sort in sorts for i in range(len(scope.names[sort]))]
        self.colours: dict[Element, int] = self._refined()

    def rows(self, relation: Relation) -> Iterator[tuple[list[Element], int]]:
        for index, value in self.values[relation].items():
            yield list(map(Element, relation.of, index)), value

    def _refined(self) -> dict[Element, int]:
        """Elements of different colours are told apart by what they are related to."""
        sorts = list(dict.fromkeys(e.sort for e in self.elements))
        colours = {e: sorts.index(e.sort) for e in self.elements}
        while True:
            seen: dict[Element, Counter[object]] = {e: Counter() for e in self.elements}
            for relation in self.relations:
                for elements, value in self.rows(relation):
                    result = _result(relation, value)
                    own = colours.get(result, -1) if isinstance(result, Element) else value
                    around = tuple(colours.get(e, -1) for e in elements)
                    for place, element in enumerate(elements):
                        if element in seen:
                            seen[element][relation, place, around, own] += 1
                    if isinstance(result, Element) and result in seen:
                        seen[result][relation, -1, around, own] += 1
            kinds: dict[object, int] = {}
            now = {e: kinds.setdefault((colours[e], frozenset(seen[e].items())), len(kinds)) for e in self.elements}
            if len(kinds) == len(set(colours.values())):
                return now
            colours = now

    def swap(self, one: Element, other: Element) -> dict[Element, Element] | None:
        """The fewest elements to exchange along with these two: from those on the side of `one` to their partners."""
        for most in range(FARTHEST):
            if (found := self._extended({one: other}, most)) is not None:
                return found
        return None

    def _extended(self, pairs: dict[Element, Element], more: int) -> dict[Element, Element] | None:
        moved = pairs | {b: a for a, b in pairs.items()}
        broken = self._broken(moved)
        if broken is None:
            return pairs
        if not more:
            return None
        elements, result, image = broken
        here = next((e in pairs for e in [*elements, result] if e in moved), True)  # on the side of the first?
        options = [(result, image)] if isinstance(result, Element) and isinstance(image, Element) else []
        options += [(e, x) for e in elements for x in self.elements]
        for e, x in options:
            if e != x and not {e, x} & moved.keys() and self.colours.get(e, -1) == self.colours.get(x, -2):
                found = self._extended({**pairs, **({e: x} if here else {x: e})}, more - 1)
                if found is not None:
                    return found
        return None

    def _broken(self, moved: dict[Element, Element]) -> tuple[list[Element], object, object] | None:
        """A row of a relation that the exchange does not keep: elements, what the relation says, and what of theirs."""
        for relation in self.relations:
            for elements, value in self.rows(relation):
                index = tuple(moved.get(e, e).number for e in elements)
                result, image = _result(relation, value), _result(relation, self.values[relation][index])
                if (moved.get(result, result) if isinstance(result, Element) else result) != image:
                    return elements, result, image
        return None


def _result(relation: Relation, value: int) -> Element | bool:
    return Element(relation.gives, value) if issubclass(relation.gives, Sort) else bool(value)


def permutations(found: list[Alike]) -> Iterator[dict[Element, Element]]:
    """Every way to exchange rows, as what each element becomes; elements that stay are left out."""
    ways = [list(itertools.permutations(a.rows)) for a in found]
    for chosen in itertools.product(*ways):
        pairs = zip(found, chosen, strict=True)
        yield {
            e: x
            for a, rows in pairs
            for row, image in zip(a.rows, rows, strict=True)
            for e, x in zip(row, image, strict=True)
        }
