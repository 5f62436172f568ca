"""A damaged file is refused, or the damage is where nothing lies; never are other rows read than were written."""

import random
from pathlib import Path

import pytest

from impl.store import SqliteStore, StoreError
from tests.impl.store.test_sqlite import refused

ROWS = {f"key {number}": bytes([number]) * size for number, size in enumerate([0, 10, 300, 2000, 5000] * 4)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = SqliteStore(tmp_path / "store", synced=False)
    for name in ("some", "others"):
        with store.transaction():
            store.table(name, str, bytes).update(ROWS)
    store.close()
    (tmp_path / "store-journal").unlink()
    return tmp_path / "store"


@pytest.mark.parametrize("kept", [2, 99, 100, 511, 512, 513, 5120, -512, -1])
def test_a_truncated_file(path: Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    assert "damaged" in refused(path) or "no store" in refused(path)


@pytest.mark.parametrize("garbage", [b"hello", bytes(512), bytes(5000), b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_store(path: Path, garbage: bytes) -> None:
    path.write_bytes(garbage)
    refused(path)


def test_a_page_of_another_store(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1024:-512] = content[-512:]
    path.write_bytes(content)
    assert "damaged" in refused(path)


def test_flipped_bits(path: Path) -> None:
    content, found = path.read_bytes(), 0
    for place in random.Random(1).sample(range(len(content)), 1000):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        try:
            store = SqliteStore(path, synced=False)
        except StoreError as error:
            assert path.read_bytes() == flipped
            assert str(path) in str(error) and "\n" not in str(error)
            found += 1
        else:
            for name in ("some", "others"):
                assert list(store.table(name, str, bytes).items()) == list(ROWS.items())
            store.close()
    assert found > 700
