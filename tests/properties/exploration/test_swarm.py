"""Search at random: real counterexamples, and estimates that do not promise more than there is."""

from __future__ import annotations

from typing import Any

import pytest

from model.scope import scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.swarm import Swarm, swarm

CLAIMS = [CATALOGUE[id] for id in ("L4", "D2", "F5")]
STATES = 13_880  # of the scope


def searched(memory: int = 1 << 22, dives: int = 10_000, **options: Any) -> Swarm:
    return swarm(MULTI_DEVICE, scope("tiny"), CLAIMS, seconds=600, memory_bytes=memory, dives=dives, **options)


def test_what_is_seen_is_there_and_the_estimate_is_a_lower_bound() -> None:
    found = searched()
    assert not found.counterexamples and found.reached == set(CLAIMS)
    assert 0.5 * STATES < found.states <= STATES
    assert found.states <= found.at_least <= 1.05 * STATES
    assert found.mistaken < 20
    assert (again := searched()).states == found.states and again.both == found.both


def test_little_memory_is_told_by_its_bound() -> None:
    found = searched(memory=1 << 10, dives=1_000)
    assert found.memory_bytes < 1 << 26 and found.mistaken > 100


@pytest.mark.parametrize(
    "dropped", [("devicelist.show", "not_older"), ("linking.confirm", "account_signature")], ids=".".join
)
def test_a_violation_is_found_and_real(dropped: tuple[str, str]) -> None:
    (found,) = searched(without=[dropped]).counterexamples
    simulation = Simulation(MULTI_DEVICE, scope("tiny"), [dropped])
    last = list(found.trace.replay(simulation))[-1]
    states = (last.before, last.after) if found.violation.claim.about == "step" else (last.after,)
    assert simulation.holds(found.violation.claim, *states) == found.violation.instance
