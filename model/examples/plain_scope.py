"""Scopes for systems that have no devices: elements by name, and the frozen relations as they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.configuration import Scope
from model.language import Relation, Sort


class PlainScope(Scope):
    """`names` are the elements of each sort, `frozen` the values of each frozen relation."""

    def __init__(
        self,
        name: str,
        names: Mapping[type[Sort], Sequence[str]],
        frozen: Mapping[Relation, Mapping[tuple[int, ...], int]] | None = None,
    ) -> None:
        self.name, self.described = name, {sort.__name__: len(elements) for sort, elements in names.items()}
        self.names = {sort: list(elements) for sort, elements in names.items()}
        self.frozen = {relation: dict(values) for relation, values in (frozen or {}).items()}

    def to_json(self) -> dict[str, object]:
        """All that the scope says. Only a program that has it reads traces at it: `Scope.from_json` does not."""
        names = {sort.__name__: elements for sort, elements in self.names.items()}
        frozen = {r.name: [[*at, value] for at, value in cells.items()] for r, cells in self.frozen.items()}
        return {"name": self.name, "sizes": self.described, "names": names, "frozen": frozen}


def numbered(name: str, count: int) -> list[str]:
    """`manager 1`, `manager 2`, and so on."""
    return [f"{name} {i + 1}" for i in range(count)]
