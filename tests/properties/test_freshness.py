"""Stale lists and security codes: every state of their scopes, and what breaks when one is careless."""

from __future__ import annotations

import pytest

from model.configuration import Scope
from model.kinds import EditionSpec, PartySpec
from model.language import ModelError, System
from model.people import ALICE
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.variants import CLINGING, DEAF, GULLIBLE, HASTY
from tests.properties.visiting import actions_of, visited

COUNTS = {  # states, transitions, depth, deadlocks
    "stale": (43_640, 518_492, 19, 0),
    "fickle": (2_400, 23_680, 13, 0),
    "leaving": (1_420, 12_556, 12, 0),
    "comparing": (98_168, 1_286_112, 21, 0),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert actions_of("freshness", "codes") <= found.happened
    assert {"D4", "D5", "D6", "D8"} <= found.reached


@pytest.mark.parametrize(
    ("guard", "id", "name", "moves"),
    [
        ("freshness.write.in_force", "D5", "stale", 3),
        ("freshness.show.not_older", "D5", "stale", 3),
        ("codes.show.met", "D6", "comparing", 6),
    ],
)
def test_no_guard_is_for_nothing(guard: str, id: str, name: str, moves: int) -> None:
    action, condition = guard.rsplit(".", 1)
    (found,) = explore(MULTI_DEVICE, scope(name), [CATALOGUE[id]], without={(action, condition)}).counterexamples
    assert found.violation.claim is CATALOGUE[id] and len(found.trace.steps) == moves


@pytest.mark.parametrize(
    ("system", "id", "name", "moves"),
    [
        (DEAF, "D4", "stale", 2),
        (HASTY, "D4", "stale", 5),
        (GULLIBLE, "D8", "stale", 2),
        (GULLIBLE, "D8", "leaving", 2),
        (CLINGING, "D5", "leaving", 2),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_who_listens_badly_or_clings_on_is_told(system: System, id: str, name: str, moves: int) -> None:
    (found,) = explore(system, scope(name), [CATALOGUE[id]]).counterexamples
    assert found.violation.claim is CATALOGUE[id] and len(found.trace.steps) == moves


def test_a_party_needs_a_list_to_begin_with() -> None:
    more = {"parties": [PartySpec("gwen", False), PartySpec("max", True)], "editions": [EditionSpec("gwen.1", "gwen")]}
    with pytest.raises(ModelError, match="party 'max' of the scope has no edition"):
        Scope("bare", [ALICE], [], [], **more)
