"""Messages that end: every state of their scopes, and what each guard and effect is there for."""

from __future__ import annotations

import pytest

from model.language import System
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.variants import EVERLASTING, RETURNING
from tests.properties.visiting import visited

COUNTS = {  # states, transitions, depth, deadlocks
    "fading": (6_464, 49_631, 16, 0),
    "viewing": (340_736, 4_747_024, 22, 0),
}
ANSWERED = {"fanout.receive.view_once": "E2", "ephemeral.view.unopened": "E2"}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert {"ephemeral.expire", "ephemeral.view"} <= found.happened
    assert {"E1", "E2", "E3"} <= found.reached


@pytest.mark.parametrize("guard", ANSWERED)
def test_no_guard_is_for_nothing(guard: str) -> None:
    action, condition = guard.rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope("viewing"), [CATALOGUE[ANSWERED[guard]]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == ["viewed_once"]


@pytest.mark.parametrize(("system", "id"), [(RETURNING, "E1"), (EVERLASTING, "E3")], ids=["E1", "E3"])
def test_an_effect_that_is_missing_breaks_what_it_is_there_for(system: System, id: str) -> None:
    found = explore(system, scope("fading"), [CATALOGUE[id]])
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]
