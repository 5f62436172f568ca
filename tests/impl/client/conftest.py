from pathlib import Path

import pytest

from tests.impl.client.crashes import Disk, FragileTown


@pytest.fixture(params=["memory", "file"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(tmp_path if request.param == "file" else None)


@pytest.fixture
def town(disk: Disk) -> FragileTown:
    return FragileTown(disk)
