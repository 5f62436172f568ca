"""Known limits: a trace shows that the claim fails, in the model and in the implementation; an assumption mends it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.scope import SCOPES
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from properties.conform import replay
from properties.exploration.explore import explore
from properties.limits import FOLDER, LIMITS, Limit
from properties.proofs.prove import prove

EACH = pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)


@EACH
def test_the_trace_ends_where_the_claim_fails_and_the_implementation_goes_along(limit: Limit) -> None:
    simulation = Simulation(MULTI_DEVICE, limit.trace.scope)
    states = [simulation.start, *(outcome.after for outcome in limit.trace.replay(simulation))]
    seen = pairwise(states) if limit.claim.kind == "step" else ((state,) for state in states[1:])
    *before, last = [simulation.holds(limit.claim, *each) is None for each in seen]
    assert all(before) and not last
    assert all(step.expect == "accepted" for step in limit.trace.steps)
    assert replay(limit.trace).agrees


@EACH
def test_there_is_no_shorter_way(limit: Limit) -> None:
    (found,) = explore(MULTI_DEVICE, SCOPES[limit.scope], [limit.claim]).counterexamples
    assert len(found.trace.steps) == len(limit.trace.steps)


@EACH
def test_the_claim_holds_under_the_assumption(limit: Limit) -> None:
    (assumed,) = prove(limit.assuming, [limit.claim])
    assert assumed.verdict == "holds"
    (bare,) = prove(MULTI_DEVICE, [limit.claim])
    assert bare.verdict == "violated"


@EACH
def test_what_is_assumed_leaves_something_to_be_claimed(limit: Limit) -> None:
    found = explore(limit.assuming, SCOPES[limit.scope], [limit.claim])
    assert found.reached == {limit.claim} and not found.counterexamples


def test_every_trace_is_of_a_limit() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == LIMITS.keys()
