"""One table of a durable store: a row is its key and its value in msgpack."""

from __future__ import annotations

import sqlite3
from collections.abc import ItemsView, Iterator, ValuesView
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from impl.store.errors import StoreError
from impl.store.layout import FILLER, checksum
from impl.store.store import Rows

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

GET = "SELECT value FROM rows WHERE name = ? AND key = ?"
HAS = "SELECT 1 FROM rows WHERE name = ? AND key = ?"
PUT = (
    f"INSERT INTO rows (name, key, filler, value, checksum) VALUES (?, ?, zeroblob({FILLER}), ?, ?)"
    " ON CONFLICT (name, key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum"
)
DELETE = "DELETE FROM rows WHERE name = ? AND key = ?"
CLEAR = "DELETE FROM rows WHERE name = ?"
COUNT = "SELECT count(*) FROM rows WHERE name = ?"
KEYS = "SELECT key FROM rows WHERE name = ? ORDER BY position"
ROWS = "SELECT key, value FROM rows WHERE name = ? ORDER BY position"
POSITION = "SELECT position FROM rows WHERE name = ? AND key = ?"
NEWEST = "SELECT key, value FROM rows WHERE name = ? ORDER BY position DESC"
OLDER = "SELECT key, value FROM rows WHERE name = ? AND position < ? ORDER BY position DESC"

encode = msgspec.msgpack.Encoder().encode


@cache
def decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder[Any](kind)


class Statements(Protocol):
    """The file that a table lies in."""

    def execute(self, statement: str, *values: str | bytes | int) -> sqlite3.Cursor: ...
    def write(self, statement: str, *values: str | bytes | int) -> int: ...


class SqliteTable(Rows[K, V], Generic[K, V]):
    """See `Store.table`."""

    def __init__(self, file: Statements, name: str, key: Any, value: Any) -> None:
        """`key` and `value` are types that msgspec knows."""
        self._file = file
        self._name = name
        self._key: msgspec.msgpack.Decoder[K] = decoder(key)
        self._value: msgspec.msgpack.Decoder[V] = decoder(value)

    def __getitem__(self, key: K) -> V:
        row = self._file.execute(GET, self._name, encode(key)).fetchone()
        if row is None:
            raise KeyError(key)
        return self._read(self._value, row[0])

    def __setitem__(self, key: K, value: V) -> None:
        row = self._name, encode(key), encode(value)
        self._file.write(PUT, *row, checksum(*row))

    def __delitem__(self, key: K) -> None:
        if not self._file.write(DELETE, self._name, encode(key)):
            raise KeyError(key)

    def clear(self) -> None:
        self._file.write(CLEAR, self._name)

    def __iter__(self) -> Iterator[K]:
        for (key,) in self._file.execute(KEYS, self._name):
            yield self._read(self._key, key)

    def __len__(self) -> int:
        (rows,) = self._file.execute(COUNT, self._name).fetchone()
        return int(rows)

    def __contains__(self, key: object) -> bool:
        return self._file.execute(HAS, self._name, encode(key)).fetchone() is not None

    def items(self) -> ItemsView[K, V]:
        return _Items(self)

    def values(self) -> ValuesView[V]:
        return _Values(self)

    def rows(self) -> Iterator[tuple[K, V]]:
        """Key and value together, in one pass."""
        for key, value in self._file.execute(ROWS, self._name):
            yield self._read(self._key, key), self._read(self._value, value)

    def before(self, key: K | None = None) -> Iterator[tuple[K, V]]:
        if key is None:
            found = self._file.execute(NEWEST, self._name)
        else:
            row = self._file.execute(POSITION, self._name, encode(key)).fetchone()
            if row is None:
                raise KeyError(key)
            found = self._file.execute(OLDER, self._name, *row)
        return ((self._read(self._key, each), self._read(self._value, value)) for each, value in found)

    def _read(self, of: msgspec.msgpack.Decoder[T], stored: bytes) -> T:
        """Raises StoreError for what another version of a class wrote: no field of it is left out in silence."""
        try:
            found = of.decode(stored)
        except msgspec.MsgspecError as error:
            raise StoreError(f"table {self._name} holds what this version cannot read: {error}") from error
        if encode(found) != stored:
            raise StoreError(f"table {self._name} holds more than this version can read")
        return found


class _Items(ItemsView[K, V]):
    _mapping: SqliteTable[K, V]

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return self._mapping.rows()


class _Values(ValuesView[V]):
    _mapping: SqliteTable[Any, V]

    def __iter__(self) -> Iterator[V]:
        return (value for _, value in self._mapping.rows())
