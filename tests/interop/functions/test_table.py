"""docs/interop.md says what this very run has found; run last, see tests/interop/conftest.py."""

import pytest

from tests.interop.functions.conftest import RESULTS
from tests.interop.functions.differences import DIFFERENCES
from tests.interop.results import NOT_CHECKED, Results
from tests.interop.table import DOCUMENT, MARKED, SECTION, rendered


@pytest.fixture
def results(request: pytest.FixtureRequest) -> Results:
    found = request.config.stash[RESULTS]
    if not found.complete:
        pytest.skip("only a part was run")
    lacking = [f"{area} of {peer}" for area, row in found.cells.items() for peer in row if row[peer] == NOT_CHECKED]
    if lacking:
        pytest.skip(f"not checked: {', '.join(lacking)}")
    return found


def test_the_table_is_that_of_this_run(results: Results) -> None:
    committed = SECTION.search(DOCUMENT.read_text(encoding="utf-8"))
    assert committed is not None
    assert committed.group() == rendered(results), "python -m tests.interop.table writes it"


def test_every_difference_was_shown_by_each_peer_it_names(results: Results) -> None:
    named = {name: set(difference.theirs) for name, difference in DIFFERENCES.items()}
    assert {name: peers - results.differences[name] for name, peers in named.items()} == {name: set() for name in named}


def test_no_test_shows_a_difference_that_is_not_told() -> None:
    assert set().union(*MARKED.values()) == set(DIFFERENCES)
