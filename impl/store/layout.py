"""How a store lies in its SQLite file, and whether a file is a sound one.

All rows lie in one table, so that a table of the store is never half made. SQLite notices a damaged structure but
no damaged content, so each row has a checksum (CRC-32).

`PRAGMA secure_delete` overwrites what is deleted, but not the copies that are left behind when rows move from one page
of a B-tree to another. Pages that a long row overflows into never move. Thus every row begins with zeros, more than
SQLite keeps of a row in a B-tree, and its value is in overflow pages alone (https://sqlite.org/fileformat2.html,
section 1.6). Keys of rows are in the B-trees, and may stay: a secret is never a key.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from zlib import crc32

from impl.store.errors import StoreError

APPLICATION = int.from_bytes(b"PNTD")
VERSION = 1

PAGE = 512
FILLER = PAGE - 35
"""That many bytes of a row at most are in a B-tree; what comes before the value is never less."""

ROWS = """CREATE TABLE rows (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    filler BLOB NOT NULL,
    value BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (name, key)
) STRICT"""
IN_ORDER = "CREATE INDEX in_order ON rows (name, position)"
ALL = "SELECT * FROM rows"
COPY = "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)"


def damaged(what: object) -> str:
    """In one line."""
    return f"is damaged: {' '.join(str(what).split())}; restore it from a copy"


def checksum(name: str, key: bytes, value: bytes) -> int:
    return crc32(value, crc32(key, crc32(name.encode())))


def check_or_create(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreError, or sqlite3.DatabaseError, for whatever is neither empty nor a sound store of this version."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, tables) == (0, 0, 0):
        create(connection)
    elif application != APPLICATION:
        raise StoreError(f"{path} is a database of another program; choose another file")
    elif version != VERSION:
        raise StoreError(f"{path} is a store of version {version}; this program reads version {VERSION}")
    else:
        _check_sound(connection, path)


def create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute(ROWS)
    connection.execute(IN_ORDER)


def _check_sound(connection: sqlite3.Connection, path: Path) -> None:
    schema = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    if schema != {ROWS, IN_ORDER}:
        raise StoreError(f"{path} {damaged('its layout is none of this version')}")
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"{path} {damaged(found)}")
    for name, key, value, expected in connection.execute("SELECT name, key, value, checksum FROM rows"):
        if checksum(name, key, value) != expected:
            raise StoreError(f"{path} {damaged(f'a row of {name}')}")
