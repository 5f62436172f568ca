"""Everything here needs foreign implementations: `make interop` installs and runs it, `make test` leaves it out."""

import os
from pathlib import Path

import pytest

from impl.foreign.environment import PEERS, Peer
from impl.foreign.errors import NotInstalled

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.interop)
    items.sort(key=lambda item: item.path.name == "test_table.py")  # it reads what the others have found


def installed(name: str) -> Peer:
    """The peer, if it is there; else what needs it is skipped with what to do, and in CI it fails."""
    try:
        PEERS[name].needed()
    except NotInstalled as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(f"not checked: {error}")
    return PEERS[name]
