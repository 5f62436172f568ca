"""What every store offers."""

from __future__ import annotations

from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Store(Protocol):
    """Named tables. Rows come back in the order in which their keys were first written."""

    def table(self, name: str, key: type[K], value: type[V]) -> MutableMapping[K, V]:
        """The table of this name; values are immutable. Writing outside a transaction is a RuntimeError."""

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside happen, or, if it is left by an exception, none; one inside another can fail alone."""

    def clear(self) -> None:
        """Deletes every row of every table; the tables that were handed out stay usable."""

    def copy(self) -> Store:
        """An independent store in memory with the same rows."""
