"""Receipts: every state of their scopes, and what each guard is there for."""

from __future__ import annotations

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.visiting import visited


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["watching"])
    assert found.counts == {"watching": (4_156_992, 68_794_080, 29, 0)} and found.sound
    assert {"receipts.give", "receipts.hand_over"} <= found.happened


def test_what_is_confirmed_would_be_sealed_again_were_it_not_looked_at() -> None:
    found = explore(MULTI_DEVICE, scope("asking"), [CATALOGUE["F15"]], without={("retry.answer", "still_missing")})
    (counterexample,) = found.counterexamples
    last_two = [step.do for step in counterexample.trace.steps][-2:]
    assert last_two == ["receipts.hand_over", "retry.answer"]
