"""Devices that start again: every state of a scope, what each guard is there for, and what recovery costs."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from properties.limits import LIMITS
from properties.proofs.prove import prove
from tests.properties.visiting import actions_of, visited


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["setback"])
    assert found.counts == {"setback": (30_120, 181_576, 14, 0)} and found.sound
    assert actions_of("state_loss") <= found.happened
    assert {"S7", "S8"} <= found.reached


@pytest.mark.parametrize("guard", ["say.begun_since", "hear.fresh"])
def test_no_guard_is_for_nothing(guard: str) -> None:
    action, condition = f"state_loss.{guard}".rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope("setback"), [CATALOGUE["S7"]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == ["one_key_for_one_message"]


def test_who_goes_on_under_keys_that_were_used_is_not_heard() -> None:
    found = explore(MULTI_DEVICE, scope("setback"), [CATALOGUE["S8"]], without={("state_loss.say", "begun_since")})
    assert [c.violation.claim.name for c in found.counterexamples] == ["who_starts_again_is_heard"]


def test_recovery_and_healing_exclude_each_other() -> None:
    """Where a copy is worth nothing any more, who has lost its state is not heard."""
    limit, recovery = LIMITS["KL-7"], CATALOGUE["S8"]
    world = limit.assuming
    assert [p.verdict for p in prove(world, [limit.claim, recovery], processes=1)] == ["holds", "violated"]
    honest = world.only(world.actions.keys() - {"state_loss.steal"})
    (found,) = explore(honest, scope("setback"), [recovery]).counterexamples
    assert "state_loss.start_again" in {step.do for step in found.trace.steps}
