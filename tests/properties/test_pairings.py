"""Linking by code: every state of its scopes, and what each guard is there for."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.visiting import actions_of, visited

COUNTS = {  # states, transitions, depth, deadlocks
    "typing": (28_160, 130_178, 17, 0),
    "guessing": (3_260, 16_448, 14, 0),
    "posing": (32_030, 199_394, 20, 0),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert actions_of("pairings") <= found.happened
    assert {"L8", "L9", "L10"} <= found.reached


@pytest.mark.parametrize(
    ("guard", "id", "name"),
    [
        ("show.fresh", "L9", "typing"),
        ("answer.once", "L8", "guessing"),
        ("finish.intact", "L10", "typing"),
        ("finish.code", "L10", "posing"),
        ("finish.this_account", "L10", "typing"),
        ("finish.this_companion", "L10", "posing"),
        ("finish.once", "L10", "typing"),
        ("confirm.secret_unused", "L9", "guessing"),
        ("confirm.linking_secret", "L9", "guessing"),
        ("confirm.account_signature", "L9", "guessing"),
        ("confirm.account_key", "L9", "guessing"),
    ],
)
def test_no_guard_is_for_nothing(guard: str, id: str, name: str) -> None:
    action, condition = f"pairings.{guard}".rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope(name), [CATALOGUE[id]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]
