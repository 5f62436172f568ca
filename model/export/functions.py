"""Frozen relations as functions in Murphi: what the configuration says, case by case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from model.export.layout import Joined, Text, flat, laid_out
from model.export.names import Names
from model.export.terms import Class, Term
from model.language import Relation, Sort
from model.scope import Scope


class Functions:
    """Each is written when it is first called. `lines` has what was, by what it says."""

    def __init__(self, scope: Scope, names: Names) -> None:
        self.scope, self.names = scope, names
        self.lines: dict[str, list[str]] = {}

    def call(self, relation: Relation, free: Sequence[Term | None], fixed: Sequence[int]) -> str:
        """A call of the function that says what the relation gives; it is written when it is first called."""
        told = [
            self.names.element(sort, k)
            for sort, term, k in zip(relation.of, free, fixed, strict=True)
            if term is None and len(self.scope.names[sort]) > 1
        ]
        key = " ".join([relation.name, *told])
        terms = [term for term in free if term is not None]
        if key not in self.lines:
            name = self.names.of(relation, *told)
            self.lines[key] = [f"function {name}"]
            self.lines[key] = list(self._function(name, relation, free, fixed))
        name = self.lines[key][0].split("(")[0].removeprefix("function ")
        return f"{name}({', '.join(term.text for term in terms)})"

    def _function(
        self, name: str, relation: Relation, free: Sequence[Term | None], fixed: Sequence[int]
    ) -> Iterator[str]:
        of = [term.of for term in free if term is not None]
        variables: list[str] = []
        for c in of:
            variables.append(self.names.local(c.sort.__name__.lower(), variables))
        ranges = [[k] if term is None else term.of.elements for term, k in zip(free, fixed, strict=True)]
        table = {index: self.scope.frozen[relation][index] for index in itertools.product(*ranges)}
        rows = {
            tuple(k for k, term in zip(index, free, strict=True) if term is not None): v for index, v in table.items()
        }
        gives = relation.gives if issubclass(relation.gives, Sort) else None
        result = self.names.sort(gives) if gives else "boolean"
        parameters = "; ".join(f"{v}: {c.type}" for v, c in zip(variables, of, strict=True))
        yield f"function {name}({parameters}): {result};"
        yield "begin"
        if gives:
            yield from self._switch(gives, of, variables, rows, 1)
        else:
            yield from laid_out(_table(self.names, of, variables, rows), 2, "return ", ";")
        yield "end;"

    def _switch(
        self,
        gives: type[Sort],
        of: Sequence[Class],
        variables: Sequence[str],
        rows: Mapping[tuple[int, ...], int],
        depth: int,
    ) -> Iterator[str]:
        indent = "  " * depth
        if len({*rows.values()}) == 1:
            yield f"{indent}return {self.names.element(gives, next(iter(rows.values())))};"
            return
        yield f"{indent}switch {variables[0]}"
        for k in of[0].elements:
            rest = {index[1:]: value for index, value in rows.items() if index[0] == k}
            yield f"{indent}  case {self.names.element(of[0].sort, k)}:"
            yield from self._switch(gives, of[1:], variables[1:], rest, depth + 2)
        yield f"{indent}end;"


def _table(names: Names, of: Sequence[Class], variables: Sequence[str], rows: Mapping[tuple[int, ...], int]) -> Text:
    """For which elements a relation is true."""
    here = [k for k in of[0].elements if any(v for index, v in rows.items() if index[0] == k)]
    if len(of) == 1:
        return Joined(" | ", [f"{variables[0]} = {names.element(of[0].sort, k)}" for k in here])
    parts = []
    for k in here:
        rest = _table(names, of[1:], variables[1:], {i[1:]: v for i, v in rows.items() if i[0] == k})
        parts.append(f"{variables[0]} = {names.element(of[0].sort, k)} & {flat(rest)}")
    return Joined(" | ", parts)
