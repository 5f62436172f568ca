"""A shim a peer for the whole run; one that has hung or died is started again for the next test."""

from collections.abc import Iterator

import pytest

from impl.foreign.process import Shim
from tests.interop.conftest import installed
from tests.interop.functions.areas import AREAS, of


class Shims:
    """Those that run, by peer."""

    def __init__(self) -> None:
        self._running: dict[str, Shim] = {}

    def __getitem__(self, name: str) -> Shim:
        if name in self._running and not self._running[name].running:
            self._running.pop(name).close()
        if name not in self._running:
            self._running[name] = Shim(installed(name))
        return self._running[name]

    def close(self) -> None:
        for each in self._running.values():
            each.close()


@pytest.fixture(scope="session")
def shims() -> Iterator[Shims]:
    running = Shims()
    yield running
    running.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of a module runs with every peer of its area, unless it names some."""
    area = metafunc.module.__name__.rpartition(".test_")[2]
    if "peer" in metafunc.fixturenames and area in AREAS:
        marker = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("peer", marker.args if marker else of(area), indirect=True)


@pytest.fixture
def peer(request: pytest.FixtureRequest, shims: Shims) -> Shim:
    return shims[request.param]
