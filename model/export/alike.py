"""Interchangeable elements in rows: what is exchanged as one, in columns of one sort each.

Two companions of one account are exchanged together with their key indexes, and with what each writes: three columns.
A function of the configuration leads from an element to another of its own row.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.ground import Ground
from model.language import Relation, Sort
from model.symmetry import Class, Element, symmetry


@dataclass(frozen=True)
class Alike:
    """Rows that may be exchanged at will. All have the same sorts, in the same order."""

    rows: tuple[tuple[Element, ...], ...]

    @property
    def columns(self) -> list[tuple[Element, ...]]:
        return list(zip(*self.rows, strict=True))


def alike(ground: Ground) -> list[Alike]:
    """Disjoint sets of rows, as many rows in each as there can be."""
    functions = [(r, cells) for r, cells in ground.scope.frozen.items() if issubclass(r.gives, Sort)]
    return [Alike(_rows(c, functions)) for c in symmetry(ground).classes]


Functions = list[tuple[Relation, dict[tuple[int, ...], int]]]


def _rows(found: Class, functions: Functions) -> tuple[tuple[Element, ...], ...]:
    """The blocks, but that of two blocks each has what its own elements lead to: an exchange of two has no sides."""
    if len(found.blocks) > 2:
        return found.blocks
    (one, other) = found.blocks
    partners = dict(zip((*one, *other), (*other, *one), strict=True))
    leads = [
        (element, Element(relation.gives, given))
        for relation, cells in functions
        for at, given in cells.items()
        for element in map(Element, relation.of, at)
    ]
    row = [one[0]]
    while len(row) < len(one):
        near = [y if x in row else x for x, y in leads if (x in row) != (y in row) and {x, y} <= partners.keys()]
        row.append(next(e for e in (*near, *one) if e not in row and partners[e] not in row))
    return tuple(row), tuple(partners[element] for element in row)
