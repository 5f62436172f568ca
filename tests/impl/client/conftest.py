from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from impl.client.local import LocalNetwork
from impl.store import MemoryStore, SqliteStore, Store
from tests.impl.client.crashes import Disk, FragileTown
from tests.impl.client.street import Street
from tests.impl.connected import carried


@pytest.fixture(params=["memory", "file"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(tmp_path if request.param == "file" else None)


@pytest.fixture
def town(disk: Disk) -> FragileTown:
    return FragileTown(disk)


@pytest.fixture(params=["memory", "disk"])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    opened: list[SqliteStore] = []
    names = count()

    def on_disk() -> Store:
        opened.append(SqliteStore(tmp_path / f"{next(names)}.db", synced=False))
        return opened[-1]

    street = Street(on_disk if request.param == "disk" else MemoryStore)
    street.begin()
    yield street
    for store in opened:
        store.close()


@pytest.fixture(autouse=True, params=["dialogue", "stanzas"])
def carrier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever clients and server say to each other holds as values, and as stanzas of bytes."""
    if request.param == "stanzas":
        monkeypatch.setattr(LocalNetwork, "answer", carried.answer)
        monkeypatch.setattr(LocalNetwork, "waiting", carried.waiting)
