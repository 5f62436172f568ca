"""A durable store: one SQLite file, private to its owner, from which what is deleted is gone.

A row is its key and its value in msgpack. Rollback journals are cut off at each commit, not kept as a write-ahead
log is: neither may hold secrets that were deleted (https://sqlite.org/pragma.html#pragma_secure_delete).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import ItemsView, Iterator, ValuesView
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from impl.store.errors import StoreError
from impl.store.store import Rows

K = TypeVar("K")
V = TypeVar("V")

APPLICATION = int.from_bytes(b"PNTD")
VERSION = 1
OWNER_ONLY = 0o600


class SqliteStore:
    """See `Store`. One process at a time has it open.

    `synced` waits at every commit until the disk has it, and so outlives a power failure too; without, it
    outlives a killed process.
    """

    def __init__(self, path: Path, synced: bool = True) -> None:
        """Opens or creates the store. Raises StoreError for a file that is no sound store of this version."""
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
            path.chmod(OWNER_ONLY)
        except OSError as error:
            raise StoreError(f"cannot open the store {path}: {error.strerror}") from error
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        self._depth = 0
        self._tables: set[str] = set()
        try:
            _prepare(self.connection, path, synced)
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise StoreError(_explained(path, error)) from error
        except StoreError:
            self.connection.close()
            raise

    def table(self, name: str, key: type[K], value: type[V]) -> Rows[K, V]:
        return SqliteTable(self, name, key, value)

    def create(self, name: str) -> None:
        """Makes sure that there is such a table."""
        self._tables.add(name)
        self.connection.execute(
            f'CREATE TABLE IF NOT EXISTS "{name}" (position INTEGER PRIMARY KEY, key BLOB UNIQUE, value BLOB) STRICT'
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        save = f"nested{self._depth}"
        begin, commit, back = (
            (f"SAVEPOINT {save}", f"RELEASE {save}", f"ROLLBACK TO {save}")
            if self._depth
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        self.connection.execute(begin)
        self._depth += 1
        try:
            yield
        except BaseException:
            self.connection.execute(back)
            for name in self._tables:  # those first used inside went with the rest
                self.create(name)
            raise
        else:
            self.connection.execute(commit)
        finally:
            self._depth -= 1

    @property
    def in_transaction(self) -> bool:
        return bool(self._depth)

    def clear(self) -> None:
        if not self.in_transaction:
            raise RuntimeError("a write outside a transaction")
        names = self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in names:
            self.connection.execute(f'DELETE FROM "{name}"')

    def copy(self) -> SqliteStore:
        twin = SqliteStore.__new__(SqliteStore)
        twin.connection = sqlite3.connect(":memory:", isolation_level=None)
        twin._depth = 0
        twin._tables = set(self._tables)
        self.connection.backup(twin.connection)
        return twin

    def close(self) -> None:
        self.connection.close()


def _prepare(connection: sqlite3.Connection, path: Path, synced: bool) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")  # whoever comes second is told so now
    connection.execute("COMMIT")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, tables) == (0, 0, 0):
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif application != APPLICATION:
        raise StoreError(f"{path} is a database of another program; choose another file")
    elif version != VERSION:
        raise StoreError(f"{path} is a store of version {version}; this program reads version {VERSION}")
    (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise StoreError(f"{path} is damaged: {sound}; restore it from a copy")
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA synchronous = {'FULL' if synced else 'OFF'}")


def _explained(path: Path, error: sqlite3.DatabaseError) -> str:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"{path} is in use by another process"
    return f"{path} is not a sound store: {error}; restore it from a copy or choose another file"


class SqliteTable(Rows[K, V], Generic[K, V]):
    """See `Store.table`."""

    def __init__(self, store: SqliteStore, name: str, key: type[K], value: type[V]) -> None:
        self._store = store
        self._name = name
        self._encode = msgspec.msgpack.Encoder().encode
        self._key = msgspec.msgpack.Decoder(key)
        self._value = msgspec.msgpack.Decoder(value)
        store.create(name)

    def __getitem__(self, key: K) -> V:
        query = f'SELECT value FROM "{self._name}" WHERE key = ?'
        row = self._store.connection.execute(query, (self._encode(key),)).fetchone()
        if row is None:
            raise KeyError(key)
        return self._read(row[0])

    def __setitem__(self, key: K, value: V) -> None:
        self._write(
            f'INSERT INTO "{self._name}" (key, value) VALUES (?, ?)'
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            self._encode(key),
            self._encode(value),
        )

    def __delitem__(self, key: K) -> None:
        if not self._write(f'DELETE FROM "{self._name}" WHERE key = ?', self._encode(key)):
            raise KeyError(key)

    def __iter__(self) -> Iterator[K]:
        for (key,) in self._store.connection.execute(f'SELECT key FROM "{self._name}" ORDER BY position'):
            yield self._key.decode(key)

    def __len__(self) -> int:
        (rows,) = self._store.connection.execute(f'SELECT count(*) FROM "{self._name}"').fetchone()
        return int(rows)

    def __contains__(self, key: object) -> bool:
        query = f'SELECT 1 FROM "{self._name}" WHERE key = ?'
        return self._store.connection.execute(query, (self._encode(key),)).fetchone() is not None

    def items(self) -> ItemsView[K, V]:
        return _Items(self)

    def values(self) -> ValuesView[V]:
        return _Values(self)

    def rows(self) -> Iterator[tuple[K, V]]:
        """Key and value together, in one pass."""
        for key, value in self._store.connection.execute(f'SELECT key, value FROM "{self._name}" ORDER BY position'):
            yield self._key.decode(key), self._read(value)

    def before(self, key: K | None = None) -> Iterator[tuple[K, V]]:
        where, values = "", ()
        if key is not None:
            position = f'SELECT position FROM "{self._name}" WHERE key = ?'
            row = self._store.connection.execute(position, (self._encode(key),)).fetchone()
            if row is None:
                raise KeyError(key)
            where, values = "WHERE position < ?", row
        query = f'SELECT key, value FROM "{self._name}" {where} ORDER BY position DESC'
        found = self._store.connection.execute(query, values)
        return ((self._key.decode(each), self._read(value)) for each, value in found)

    def _write(self, statement: str, *values: bytes) -> int:
        if not self._store.in_transaction:
            raise RuntimeError("a write outside a transaction")
        return self._store.connection.execute(statement, values).rowcount

    def _read(self, value: bytes) -> V:
        try:
            return self._value.decode(value)
        except msgspec.MsgspecError as error:
            raise StoreError(f"table {self._name} holds a value that is none of this version: {error}") from error


class _Items(ItemsView[K, V]):
    _mapping: SqliteTable[K, V]

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return self._mapping.rows()


class _Values(ValuesView[V]):
    _mapping: SqliteTable[Any, V]

    def __iter__(self) -> Iterator[V]:
        return (value for _, value in self._mapping.rows())
