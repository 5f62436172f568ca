"""A store in memory, for speed: rows are the values themselves, and an undo log makes transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile, islice
from typing import Any, Generic, TypeVar

from impl.store.store import Rows as StoreRows

K = TypeVar("K")
V = TypeVar("V")

Rows = dict[Any, Any]
_ABSENT = object()


class MemoryStore:
    """See `Store`."""

    def __init__(self) -> None:
        self._tables: dict[str, Rows] = {}
        self.undo = UndoLog()

    def table(self, name: str, key: type[K], value: type[V]) -> StoreRows[K, V]:
        return MemoryTable(self._tables.setdefault(name, {}), self.undo)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        mark = self.undo.open()
        try:
            yield
        except BaseException:
            self.undo.back_to(mark)
            raise
        finally:
            self.undo.close()

    def clear(self) -> None:
        for rows in self._tables.values():
            self.undo.note_all(rows)
            rows.clear()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MemoryStore) and self._held() == other._held()

    __hash__ = None  # type: ignore[assignment]

    def _held(self) -> dict[str, Rows]:
        return {name: rows for name, rows in self._tables.items() if rows}

    def copy(self) -> MemoryStore:
        twin = MemoryStore()
        twin._tables = {name: rows.copy() for name, rows in self._tables.items()}
        return twin


class UndoLog:
    """What the open transactions have overwritten, the newest last."""

    def __init__(self) -> None:
        self._depth = 0
        self._entries: list[tuple[Rows, Any, Any]] = []

    def open(self) -> int:
        self._depth += 1
        return len(self._entries)

    def close(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._entries.clear()

    def note(self, rows: Rows, key: Any) -> None:
        if not self._depth:
            raise RuntimeError("a write outside a transaction")
        self._entries.append((rows, key, rows.get(key, _ABSENT)))

    def note_all(self, rows: Rows) -> None:
        """Before rows leave: only a whole copy remembers where it was."""
        if not self._depth:
            raise RuntimeError("a write outside a transaction")
        self._entries.append((rows, _ABSENT, rows.copy()))

    def back_to(self, mark: int) -> None:
        while len(self._entries) > mark:
            rows, key, former = self._entries.pop()
            if key is _ABSENT:
                rows.clear()
                rows.update(former)
            elif former is _ABSENT:
                del rows[key]
            else:
                rows[key] = former


class MemoryTable(StoreRows[K, V], Generic[K, V]):
    """See `Store.table`."""

    __slots__ = ("_rows", "_undo")

    def __init__(self, rows: dict[K, V], undo: UndoLog) -> None:
        self._rows = rows
        self._undo = undo

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def get(self, key: K, default: Any = None) -> Any:
        return self._rows.get(key, default)

    def __setitem__(self, key: K, value: V) -> None:
        self._undo.note(self._rows, key)
        self._rows[key] = value

    def __delitem__(self, key: K) -> None:
        if key not in self._rows:
            raise KeyError(key)
        self._undo.note_all(self._rows)
        del self._rows[key]

    def clear(self) -> None:
        self._undo.note_all(self._rows)
        self._rows.clear()

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def before(self, key: K | None = None) -> Iterator[tuple[K, V]]:
        newest_first = reversed(self._rows.items())
        if key is None:
            return newest_first
        if key not in self._rows:
            raise KeyError(key)
        return islice(dropwhile(lambda row: row[0] != key, newest_first), 1, None)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows
