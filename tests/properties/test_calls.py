"""Calls: every state of a scope, what each guard is there for, and a design in which a call stops everything else."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from properties.exploration.independence import independence
from properties.proofs.prove import prove
from tests.properties.variants import ONE_THING_AT_A_TIME
from tests.properties.visiting import actions_of, visited

CALLS = actions_of("calls")
BEFORE = {"linking.show_qr", "linking.scan", "linking.confirm", "linking.unlink", "devicelist.show", "fanout.meet"}
ANSWERED = {  # which property dies without the guard, by a shortest trace at a scope
    "offer.no_other_call": ("C2", "ringing"),
    "ring.intact": ("C3", "ringing"),
    "ring.for_this_device": ("C1", "answering"),
    "ring.fresh": ("C3", "ringing"),
    "ring.signatures": ("C3", "pocket"),
    "ring.author_listed": ("C3", "pocket"),
    "ring.of_another_account": ("C3", "pocket"),
    "accept.still_listed": ("C3", "pocket"),
    "connect.no_other_end": ("C2", "answering"),
    "connect.rang_there": ("C3", "pocket"),
    "connect.intact": ("C3", "ringing"),
    "connect.still_listed": ("C3", "answering"),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["ringing"])
    assert found.counts == {"ringing": (5_432, 37_034, 18, 0)} and found.sound
    assert found.happened >= CALLS
    assert {"C1", "C2", "C3"} <= found.reached


@pytest.mark.parametrize("guard", ANSWERED)
def test_no_guard_is_for_nothing(guard: str) -> None:
    id, name = ANSWERED[guard]
    action, condition = f"calls.{guard}".rsplit(".", 1)
    part = MULTI_DEVICE.only(CALLS | BEFORE)
    found = explore(part, scope(name), [CATALOGUE[id]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]


def test_where_a_call_stops_everything_else_it_is_told() -> None:
    (proof,) = prove(ONE_THING_AT_A_TIME, [CATALOGUE["C4"]], processes=1)
    assert [failure.obligation for failure in proof.failures] == ["C4 over fanout.send"]
    clean, busy = (independence(s, scope("pocket"), CATALOGUE["C4"]) for s in (MULTI_DEVICE, ONE_THING_AT_A_TIME))
    assert clean.moves > 0 and not clean.dependent
    assert "fanout.send(message 5) reads calls.talking" in busy.dependent
