"""`pentad list`: everything that there is, for people and for programs."""

from __future__ import annotations

import json

import pytest

from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from tests.pentad.said import Run


@pytest.mark.parametrize(
    ("kind", "key", "first"),
    [
        ("properties", "id", "L1"),
        ("actions", "action", "accounts.switch_phone"),
        ("scopes", "scope", "tiny"),
        ("targets", "target", "qr"),
        ("flaws", "id", "KF-01"),
    ],
)
def test_what_there_is_can_be_listed(run: Run, kind: str, key: str, first: str) -> None:
    rows = json.loads(run("list", kind, "--json").out)
    assert rows[0][key] == first
    assert first in run("list", kind).out


def test_every_property_and_action_is_listed(run: Run) -> None:
    assert [row["id"] for row in json.loads(run("list", "properties", "--json").out)] == list(CATALOGUE)
    assert [row["action"] for row in json.loads(run("list", "actions", "--json").out)] == list(MULTI_DEVICE.actions)
