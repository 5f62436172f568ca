"""A durable store: one SQLite file, private to its owner, from which what is deleted is gone.

Rollback journals are cut off at each commit, not kept as a write-ahead log is: neither may hold secrets that were
deleted (https://sqlite.org/pragma.html#pragma_secure_delete, https://sqlite.org/tempfiles.html).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from impl.store import layout
from impl.store.errors import StoreError
from impl.store.sqlite_table import SqliteTable
from impl.store.store import Rows

K = TypeVar("K")
V = TypeVar("V")

OWNER_ONLY = 0o600

WHY = {
    "SQLITE_BUSY": "is in use by another process",
    "SQLITE_READONLY": "may not be written",
    "SQLITE_CANTOPEN": "cannot be opened as a file",
    "SQLITE_NOTADB": "is no store; choose another file",
    "SQLITE_FULL": "cannot grow: the disk is full",
}


class SqliteStore:
    """See `Store`. One process at a time has it open.

    `synced` waits at every commit until the disk has it, and so outlives a power failure too; without, it
    outlives a killed process.
    """

    def __init__(self, path: Path, synced: bool = True) -> None:
        """Opens or creates the store. Raises StoreError for a file that is no sound store of this version."""
        self.path = path
        self._depth = 0
        try:
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        except OSError as error:
            raise StoreError(f"{path} cannot be opened: {error.strerror}") from error
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        except sqlite3.Error as error:
            raise self._explained(error) from error
        try:
            self._prepare(synced)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # even the text of an error may be damaged
            self._connection.close()
            raise self._explained(error) from error
        except StoreError:
            self._connection.close()
            raise

    def table(self, name: str, key: type[K], value: type[V]) -> Rows[K, V]:
        return SqliteTable(self, name, key, value)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        save = f"nested{self._depth}"
        begin, commit, back = (
            (f"SAVEPOINT {save}", f"RELEASE {save}", f"ROLLBACK TO {save}")
            if self._depth
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        self.execute(begin)
        self._depth += 1
        try:
            yield
            self.execute(commit)
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self.execute(back)
            raise
        finally:
            self._depth -= 1

    def execute(self, statement: str, *values: str | bytes | int) -> sqlite3.Cursor:
        """Raises StoreError for what only the file can be blamed for."""
        try:
            return self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def write(self, statement: str, *values: str | bytes | int) -> int:
        """How many rows it changed. RuntimeError outside a transaction."""
        if not self._connection.in_transaction:
            raise RuntimeError("a write outside a transaction")
        return self.execute(statement, *values).rowcount

    def clear(self) -> None:
        self.write("DELETE FROM rows")

    def copy(self) -> SqliteStore:
        twin = SqliteStore.__new__(SqliteStore)
        twin.path = self.path
        twin._depth = 0
        twin._connection = sqlite3.connect(":memory:", isolation_level=None)
        layout.create(twin._connection)
        with twin.transaction():
            twin._connection.executemany(layout.COPY, self.execute(layout.ALL))
        return twin

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SqliteStore) and self._held() == other._held()

    __hash__ = None  # type: ignore[assignment]

    def _held(self) -> set[tuple[Any, ...]]:
        return set(self.execute("SELECT name, key, value FROM rows"))

    def close(self) -> None:
        self._connection.close()

    def _prepare(self, synced: bool) -> None:
        self.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.execute("PRAGMA secure_delete = ON")
        self.execute("PRAGMA temp_store = MEMORY")
        self.execute(f"PRAGMA page_size = {layout.PAGE}")
        self.execute("BEGIN EXCLUSIVE")  # whoever comes second is told so now, and nobody finds half a layout
        layout.check_or_create(self._connection, self.path)
        self.execute("COMMIT")
        self.execute("PRAGMA journal_mode = TRUNCATE")
        self.execute(f"PRAGMA synchronous = {'FULL' if synced else 'OFF'}")
        self.execute(f"PRAGMA fullfsync = {'ON' if synced else 'OFF'}")
        for each in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            if each.exists():
                each.chmod(OWNER_ONLY)

    def _explained(self, error: Exception) -> StoreError:
        name = getattr(error, "sqlite_errorname", "")
        why = next((why for code, why in WHY.items() if name.startswith(code)), layout.damaged(error))
        return StoreError(f"{self.path} {why}")
