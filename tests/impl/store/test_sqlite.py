"""The file of a durable store: what outlives a process, who may read it, and which files are refused."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from impl.store import SqliteStore, StoreError
from impl.store.layout import VERSION


@dataclass(frozen=True)
class Coin:
    face: int
    weight: int


@dataclass(frozen=True)
class LighterCoin:
    face: int


@dataclass(frozen=True)
class LongerCoin:
    face: int
    weight: int
    minted: int


@dataclass(frozen=True)
class NamedCoin:
    face: str
    weight: int


def filled(path: Path) -> Path:
    """A closed store with one coin."""
    store = SqliteStore(path, synced=False)
    with store.transaction():
        store.table("coins", str, Coin)["penny"] = Coin(1, 3)
    store.close()
    return path


def folder(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}


def refused(path: Path) -> str:
    """Opening fails in one line, and leaves every file as it was."""
    before = folder(path.parent) if path.parent.exists() else {}
    with pytest.raises(StoreError) as error:
        SqliteStore(path)
    assert (folder(path.parent) if path.parent.exists() else {}) == before
    assert "\n" not in str(error.value) and str(path) in str(error.value)
    return str(error.value)


def test_rows_outlive_the_process(tmp_path: Path) -> None:
    store = SqliteStore(filled(tmp_path / "store"))
    assert dict(store.table("coins", str, Coin)) == {"penny": Coin(1, 3)}


def test_a_killed_process_leaves_what_it_has_committed(tmp_path: Path) -> None:
    """The second transaction is far larger than SQLite's cache, so that half of it is in the file already."""
    child = f"""
from pathlib import Path
from impl.store import SqliteStore
import os, signal
store = SqliteStore(Path({str(tmp_path / "store")!r}), synced=False)
numbers = store.table("numbers", int, bytes)
with store.transaction():
    numbers[1] = b"first"
with store.transaction():
    for number in range(400):
        numbers[number] = bytes(10_000)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", child]).returncode == -signal.SIGKILL
    assert (tmp_path / "store").stat().st_size > 1_000_000 and (tmp_path / "store-journal").stat().st_size
    store = SqliteStore(tmp_path / "store")
    assert dict(store.table("numbers", int, bytes)) == {1: b"first"}


@pytest.mark.parametrize("synced", [True, False])
def test_it_waits_for_the_disk_unless_told(tmp_path: Path, synced: bool) -> None:
    store = SqliteStore(tmp_path / "store", synced)
    assert store.execute("PRAGMA synchronous").fetchone() == (2 if synced else 0,)
    assert store.execute("PRAGMA fullfsync").fetchone() == (int(synced),)


def test_it_waits_for_the_disk_by_default(tmp_path: Path) -> None:
    assert SqliteStore(tmp_path / "store").execute("PRAGMA synchronous").fetchone() == (2,)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        store = SqliteStore(tmp_path / "store")
        with store.transaction():
            store.table("coins", str, int)["penny"] = 1
            assert {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {
                "store": 0o600,
                "store-journal": 0o600,
            }
    finally:
        os.umask(former)


def test_what_too_many_may_read_is_taken_back(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    for each in tmp_path.iterdir():
        each.chmod(0o664)
    SqliteStore(path).close()
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}


def test_a_store_of_a_crash_in_its_first_moment_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "store").touch()
    assert not SqliteStore(tmp_path / "store").table("coins", str, int)


def test_another_process_has_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    hold = "import sys; from pathlib import Path; from impl.store import SqliteStore; "
    hold += "store = SqliteStore(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline()
        assert refused(path).endswith("is in use by another process")
        holder.kill()
    SqliteStore(path)


def test_this_process_has_it_and_keeps_it(tmp_path: Path) -> None:
    """Were the file opened and closed beside SQLite, this process would lose its lock (fcntl(2))."""
    path = filled(tmp_path / "store")
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="in use"):
        SqliteStore(path)
    child = "import sys; from pathlib import Path; from impl.store import SqliteStore; SqliteStore(Path(sys.argv[1]))"
    assert b"in use" in subprocess.run([sys.executable, "-c", child, path], capture_output=True).stderr
    with store.transaction():
        store.table("coins", str, Coin)["dime"] = Coin(10, 2)


def test_a_missing_folder_and_a_folder(tmp_path: Path) -> None:
    assert "No such file or directory" in refused(tmp_path / "missing" / "store")
    (tmp_path / "folder").mkdir()
    assert "cannot be opened as a file" in refused(tmp_path / "folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write every file")
def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    path.chmod(0o400)
    assert "may not be written" in refused(path)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_of_another_program(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "store"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("CREATE TABLE theirs (number)")
    connection.close()
    assert "another program" in refused(path)
    path.chmod(0o644)
    refused(path)
    assert path.stat().st_mode & 0o777 == 0o644


def test_another_version(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    assert f"version {VERSION + 1}; this program reads version {VERSION}" in refused(path)


def test_another_layout(tmp_path: Path) -> None:
    path = filled(tmp_path / "store")
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE rows ADD COLUMN colour TEXT")
    connection.close()
    assert "damaged" in refused(path)


@pytest.mark.parametrize("kind", [LighterCoin, LongerCoin, NamedCoin, int, bytes])
def test_a_value_of_another_type_is_refused(tmp_path: Path, kind: type[object]) -> None:
    """Less, more and other fields: what another version of the program wrote is never read by halves."""
    store = SqliteStore(filled(tmp_path / "store"))
    coins = store.table("coins", str, kind)
    reads: list[Callable[[], object]] = [lambda: coins["penny"], lambda: list(coins.values())]
    for read in reads:
        with pytest.raises(StoreError, match="table coins holds"):
            read()


def test_a_key_of_another_type_is_refused(tmp_path: Path) -> None:
    store = SqliteStore(filled(tmp_path / "store"))
    with pytest.raises(StoreError, match="table coins holds"):
        list(store.table("coins", int, Coin))


def test_what_cannot_be_encoded_is_refused(tmp_path: Path) -> None:
    store = SqliteStore(filled(tmp_path / "store"))
    with pytest.raises(TypeError), store.transaction():
        store.table("coins", str, object)["penny"] = object()
    assert store.table("coins", str, Coin)["penny"] == Coin(1, 3)


def test_a_full_disk_undoes_the_whole_transaction(tmp_path: Path) -> None:
    store = SqliteStore(filled(tmp_path / "store"))
    coins = store.table("coins", str, bytes)
    store.execute("PRAGMA max_page_count = 100")
    with pytest.raises(StoreError, match="disk is full"), store.transaction():
        coins["dime"] = b"small"
        with store.transaction():
            coins["dollar"] = bytes(100_000)
    assert list(coins) == ["penny"]
    with store.transaction():
        coins["dime"] = b"small"
    assert list(coins) == ["penny", "dime"]
