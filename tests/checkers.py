"""Spin and Rumur in tests: where they are not installed it is said what was not checked, and in CI that fails."""

from __future__ import annotations

import os

import pytest

from properties.checkers import NotThere, needed


def installed(checker: str) -> None:
    try:
        needed(checker)
    except NotThere as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(f"not checked: {error}")
