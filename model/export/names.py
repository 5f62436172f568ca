"""How a model's names are written where only letters, digits and underscores will do.

`linking.shows_qr` becomes `linking_shows_qr`, `alice.web` becomes `alice_web`. Where two would be one, or a name is
a word of the language or starts with a digit, the sort goes before it: `KeyIndex_0`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from model.language import Relation, Sort, System
from model.scope import Scope


class Names:
    """Of relations, and of elements at a scope; `reserved` are the words of the language."""

    def __init__(self, system: System, scope: Scope, reserved: Iterable[str] = ()) -> None:
        self._taken = set(reserved)
        self._relations = {relation: self.new(relation.name) for relation in system.relations}
        self._sorts = {sort: self.new(sort.__name__) for sort in scope.names}
        self._elements = {
            sort: [self.new(name, sort.__name__) for name in names] for sort, names in scope.names.items()
        }

    def relation(self, relation: Relation) -> str:
        return self._relations[relation]

    def sort(self, sort: type[Sort]) -> str:
        return self._sorts[sort]

    def element(self, sort: type[Sort], number: int) -> str:
        return self._elements[sort][number]

    def new(self, name: str, sort: str = "") -> str:
        """A name that nothing else has."""
        plain = identifier(name)
        candidates = [plain, f"{sort}_{plain}"] if sort else [plain]
        candidates += [f"{plain}_{n}" for n in range(2, len(self._taken) + 3)]
        found = next(c for c in candidates if c not in self._taken and not c[0].isdigit())
        self._taken.add(found)
        return found

    def of(self, relation: Relation, *elements: str) -> str:
        """A name for a part of the relation: that at these elements, or all of it."""
        return self.new("_".join([self.relation(relation), *elements])) if elements else self.relation(relation)

    def local(self, name: str, others: Iterable[str]) -> str:
        """A name for a variable that no other around has."""
        plain, taken = identifier(name), self._taken | set(others)
        return next(c for c in (plain, *(f"{plain}{n}" for n in range(2, len(taken) + 3))) if c not in taken)


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def identifier(name: str) -> str:
    """The name with underscores for whatever is neither letter nor digit."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "nameless"
