"""Rows from the newest to the oldest, with both stores."""

from pathlib import Path

import pytest

from impl.store import MemoryStore, SqliteStore, Store


@pytest.mark.parametrize("kept", [MemoryStore, SqliteStore])
def test_rows_before_a_key_come_newest_first(kept: type[Store], tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store", synced=False) if kept is SqliteStore else MemoryStore()
    table = store.table("letters", str, int)
    assert list(table.before()) == []
    with store.transaction():
        table.update({"a": 1, "b": 2, "c": 3, "d": 4})
        table["a"] = 5
        del table["b"]
    assert list(table.before()) == [("d", 4), ("c", 3), ("a", 5)]
    assert list(table.before("d")) == [("c", 3), ("a", 5)]
    assert list(table.before("a")) == []
    with pytest.raises(KeyError):
        table.before("b")
    if isinstance(store, SqliteStore):
        store.close()
