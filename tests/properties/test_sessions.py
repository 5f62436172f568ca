"""Sessions: every state of their scopes, what each guard is there for, and ratchets that do not do what they should."""

from __future__ import annotations

import pytest

from model.language import System
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.variants import HOARDING, STUCK
from tests.properties.visiting import actions_of, visited

COUNTS = {  # states, transitions, depth, deadlocks
    "ratchet": (30_960, 148_748, 15, 0),
    "prekeys": (16_330, 84_254, 13, 0),
    "anew": (4_840, 44_352, 14, 0),
    "impostor": (12_000, 53_080, 15, 0),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert actions_of("sessions", "identities") <= found.happened
    assert {"S1", "S2", "S3", "S5", "S6"} <= found.reached


@pytest.mark.parametrize(
    ("guard", "id", "name"),
    [
        ("sessions.open.prekey_there", "S3", "prekeys"),
        ("sessions.open.fresh", "S6", "prekeys"),
        ("identities.write.no_doubt", "S5", "anew"),
    ],
)
def test_no_guard_is_for_nothing(guard: str, id: str, name: str) -> None:
    action, condition = guard.rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope(name), [CATALOGUE[id]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]


@pytest.mark.parametrize(("system", "id"), [(HOARDING, "S1"), (STUCK, "S2")], ids=["S1", "S2"])
def test_a_ratchet_that_keeps_its_keys_is_told(system: System, id: str) -> None:
    found = explore(system, scope("ratchet"), [CATALOGUE[id]])
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]
