"""What was deleted or overwritten is in no file of the store's folder any more."""

import random
from pathlib import Path

import pytest

from impl.store import SqliteStore

SIZES = (0, 20, 60, 200, 450, 900, 3000)


def secret(dice: random.Random) -> bytes:
    """Told from all others by its first and by its last bytes."""
    return dice.randbytes(16) + bytes(dice.choice(SIZES)) + dice.randbytes(16)


def content(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


@pytest.mark.parametrize("seed", range(4))
def test_old_values_are_gone(tmp_path: Path, seed: int) -> None:
    """Rows of all sizes come, grow, shrink and go, so that SQLite moves them about."""
    dice = random.Random(seed)
    store = SqliteStore(tmp_path / "store", synced=False)
    secrets = store.table("secrets", int, bytes)
    gone: list[bytes] = []
    for _ in range(300):
        with store.transaction():
            for key in dice.choices(range(80), k=dice.choice([1, 1, 3, 20])):
                gone += [secrets[key]] if key in secrets else []
                if key in secrets and dice.random() < 0.4:
                    del secrets[key]
                else:
                    secrets[key] = secret(dice)
    found = content(tmp_path)
    assert all(kept[:16] in found and kept[-16:] in found for kept in secrets.values())
    assert len(gone) > 1000
    assert not [old for old in gone if old[:16] in found or old[-16:] in found]


def test_what_did_not_happen_is_gone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store", synced=False)
    secrets = store.table("secrets", int, bytes)
    with pytest.raises(ZeroDivisionError), store.transaction():
        secrets[1] = b"never committed" * 100_000
        with store.transaction():
            secrets[2] = 1 // 0
    assert b"never committed" not in content(tmp_path)


def test_a_cleared_table_is_gone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store", synced=False)
    secrets = store.table("secrets", int, bytes)
    with store.transaction():
        secrets.update({number: b"a secret" * number for number in range(100)})
    assert b"a secret" in content(tmp_path)
    with store.transaction():
        secrets.clear()
    assert b"a secret" not in content(tmp_path)


def test_a_key_that_was_overwritten_is_gone_after_a_crash(tmp_path: Path) -> None:
    """The journal of a transaction that never ended holds what it was about to overwrite; the next start empties it."""
    store = SqliteStore(tmp_path / "store", synced=False)
    secrets = store.table("secrets", int, bytes)
    with store.transaction():
        secrets[1] = b"the old secret"
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    store.execute("PRAGMA cache_size = 1")
    with store.transaction():
        secrets[1] = b"the new secret"
        secrets[2] = bytes(100_000)
        for each in ("store", "store-journal"):
            (crashed / each).write_bytes((tmp_path / each).read_bytes())
    again = SqliteStore(crashed / "store", synced=False)
    secrets = again.table("secrets", int, bytes)
    assert dict(secrets) == {1: b"the old secret"}
    with again.transaction():
        secrets[1] = b"the new secret"
    assert b"the old secret" not in content(crashed)
