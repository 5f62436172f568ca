"""Sorts of which only some scopes have elements: groups, patches and the like.

Each is a row of KINDS. Where a scope says nothing of it, the sort is empty, and with it whatever is about it:
its relations take no room in a state, and its actions do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_type_hints

from model.language import Relation, Sort

if TYPE_CHECKING:
    from model.scope import Scope

Frozen = dict[Relation, dict[tuple[int, ...], int]]


@dataclass(frozen=True)
class Kind:
    """A sort with few scopes. `key` names its elements in `Scope(..., groups=[...])` and in the JSON of a scope.

    Each element is a `spec`: a frozen dataclass of plain values (text, number, truth), the first of them its `name`.
    `frozen` gives the values of the frozen relations about them at a scope.
    """

    key: str
    sort: type[Sort]
    spec: type[Any]
    frozen: Callable[[Scope], Frozen]

    @property
    def columns(self) -> list[type]:
        """The types of the values of a spec, in order."""
        return list(get_type_hints(self.spec).values())


KINDS: list[Kind] = []
