from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from impl.store import MemoryStore, SqliteStore, Store
from tests.impl.client.crashes import Disk, FragileTown
from tests.impl.client.street import Street
from tests.impl.stanzas.network import StanzaNetwork


@pytest.fixture(params=["memory", "file"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(tmp_path if request.param == "file" else None)


@pytest.fixture
def town(disk: Disk) -> FragileTown:
    return FragileTown(disk)


@pytest.fixture(params=["memory", "disk", "stanzas"])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    opened: list[SqliteStore] = []
    names = count()

    def on_disk() -> Store:
        opened.append(SqliteStore(tmp_path / f"{next(names)}.db", synced=False))
        return opened[-1]

    street = Street(on_disk if request.param == "disk" else MemoryStore)
    if request.param == "stanzas":
        street.network = StanzaNetwork(street.server)
    street.begin()
    yield street
    for store in opened:
        store.close()
