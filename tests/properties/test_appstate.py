"""App state: every state of its scopes, and what each guard is there for."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.visiting import actions_of, visited

COUNTS = {  # states, transitions, depth, deadlocks
    "settings": (352_264, 3_624_132, 23, 0),
    "stranger": (233_184, 3_266_792, 23, 0),
    "forger": (1_101_184, 12_827_864, 24, 0),
}
ANSWERED = {  # which property dies without the guard, by a shortest trace at a scope
    "take_keys.intact": ("A6", "settings"),
    "take_keys.fresh": ("F5", "settings"),
    "take_keys.from_own_account": ("F7", "stranger"),
    "take_keys.from_the_phone": ("F7", "settings"),
    "write.nobody_has_left": ("A3", "settings"),
    "take.key": ("A1", "stranger"),
    "take.key_not_retired": ("A5", "settings"),
    "take.same_state": ("A2", "settings"),
    "take.patch_mac": ("A1", "settings"),
    "take_snapshot.keys": ("A1", "stranger"),
    "take_snapshot.key_not_retired": ("A5", "forger"),
    "take_snapshot.key_of_the_last": ("A5", "forger"),
    "take_snapshot.not_older": ("A2", "forger"),
    "take_snapshot.same_state": ("A2", "settings"),
    "take_snapshot.snapshot_mac": ("A1", "settings"),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert actions_of("appstate") <= found.happened
    assert {"A1", "A2", "A3", "A4", "A5", "A6", "F7"} <= found.reached


@pytest.mark.parametrize("guard", ANSWERED)
def test_no_guard_is_for_nothing(guard: str) -> None:
    id, name = ANSWERED[guard]
    action, condition = f"appstate.{guard}".rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope(name), [CATALOGUE[id]], without={(action, condition)})
    assert [c.violation.claim for c in found.counterexamples] == [CATALOGUE[id]]
