"""What every store offers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, MutableMapping
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Rows(MutableMapping[K, V]):
    """One table. Rows come in the order in which their keys were first written."""

    @abstractmethod
    def before(self, key: K | None = None) -> Iterator[tuple[K, V]]:
        """The rows that were first written before that of `key`, or all, the newest first, one at a time.

        Raises KeyError.
        """


class Store(Protocol):
    """Named tables."""

    def table(self, name: str, key: type[K], value: type[V]) -> Rows[K, V]:
        """The table of this name; values are immutable. Writing outside a transaction is a RuntimeError."""

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside happen, or, if it is left by an exception, none; one inside another can fail alone."""

    def clear(self) -> None:
        """Deletes every row of every table; the tables that were handed out stay usable."""

    def copy(self) -> Store:
        """An independent store in memory with the same rows."""
