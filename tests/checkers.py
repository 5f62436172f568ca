"""Spin and Rumur in tests: where they are not installed, what was not checked is said at the end of the run."""

from __future__ import annotations

import pytest

from properties.exploration.checkers import NotThere, needed
from tests.conftest import NOT_CHECKED


def installed(checker: str) -> None:
    """Skips the test unless the checker is."""
    try:
        needed(checker)
    except NotThere as error:
        pytest.skip(f"{NOT_CHECKED}{error}")
