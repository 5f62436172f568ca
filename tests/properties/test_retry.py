"""Retries: every state of a scope, and what each guard is there for."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.explore import explore

STATED = [p for p in CATALOGUE.values() if p.stated]


def test_everything_happens_and_every_property_holds() -> None:
    found = explore(MULTI_DEVICE, scope("asking"), STATED)
    assert (found.states, found.transitions, found.depth, found.deadlocks) == (23_680, 193_904, 17, 0)
    assert found.complete and not found.counterexamples
    assert found.fired["retry.answer"] and CATALOGUE["F12"] in found.reached


@pytest.mark.parametrize("guard", ["target", "listed", "known_identity"])
def test_no_guard_is_for_nothing(guard: str) -> None:
    found = explore(MULTI_DEVICE, scope("asking"), [CATALOGUE["F12"]], without={("retry.answer", guard)})
    assert [c.violation.claim.name for c in found.counterexamples] == ["sealed_anew_for_its_recipient"]
