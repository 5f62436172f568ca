"""A shim a peer for the whole run; one that has hung or died is started again for the next test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from impl.foreign.process import Shim
from tests.interop.conftest import installed
from tests.interop.functions.areas import AREAS, of
from tests.interop.results import Results, area

HERE = Path(__file__).parent
RESULTS = pytest.StashKey[Results]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = Results()


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in session.items:
        if item.path.parent == HERE and hasattr(item, "callspec") and "peer" in item.callspec.params:
            session.config.stash[RESULTS].collected.add(f"{area(item)} {item.callspec.params['peer']}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if item.path.parent == HERE:
        item.config.stash[RESULTS].note(item, report)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    results = session.config.stash[RESULTS]
    if results.complete:
        results.write()


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
    name = metafunc.module.__name__.rpartition(".test_")[2]
    if "peer" in metafunc.fixturenames and name in AREAS:
        marker = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("peer", marker.args if marker else of(name), indirect=True)


@pytest.fixture
def peer(request: pytest.FixtureRequest, shims: Shims) -> Shim:
    return shims[request.param]
