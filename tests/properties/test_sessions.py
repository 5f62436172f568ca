"""Sessions: every state of their scopes, what each guard is there for, and ratchets that do not do what they should."""

from __future__ import annotations

import pytest

from model.language import System
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.explore import explore
from tests.properties.variants import HOARDING, STUCK

STATED = [p for p in CATALOGUE.values() if p.stated]
COUNTS = {  # states, transitions, depth, deadlocks
    "ratchet": (42_460, 202_388, 15, 0),
    "prekeys": (28_570, 142_956, 13, 0),
    "anew": (4_840, 44_352, 14, 0),
    "impostor": (19_580, 84_504, 15, 0),
}


def test_everything_happens_and_every_property_holds() -> None:
    happened, reached = set(), set()
    for name, counts in COUNTS.items():
        found = explore(MULTI_DEVICE, scope(name), STATED)
        assert (found.states, found.transitions, found.depth, found.deadlocks) == counts
        assert found.complete and not found.counterexamples
        happened |= {action for action, times in found.fired.items() if times}
        reached |= {claim.id for claim in STATED if claim in found.reached}
    assert {action for action in MULTI_DEVICE.actions if action.startswith(("sessions.", "identities."))} <= happened
    assert {"S1", "S2", "S3", "S5", "S6"} <= reached


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
