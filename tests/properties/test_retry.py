"""Retries: every state of a scope, and what each guard is there for."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.visiting import visited


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["asking"])
    assert found.counts == {"asking": (122_240, 1_101_532, 20, 0)} and found.sound
    assert {"retry.answer", "receipts.notify"} <= found.happened and {"F12", "F15"} <= found.reached


@pytest.mark.parametrize("guard", ["target", "listed", "known_identity"])
def test_no_guard_is_for_nothing(guard: str) -> None:
    found = explore(MULTI_DEVICE, scope("asking"), [CATALOGUE["F12"]], without={("retry.answer", guard)})
    assert [c.violation.claim.name for c in found.counterexamples] == ["sealed_anew_for_its_recipient"]
