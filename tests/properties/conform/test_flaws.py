"""A harness earns trust by finding what was seeded: each flaw of the gallery, by the right property, in few steps."""

from __future__ import annotations

import pytest

from impl.flaws import GALLERY
from model.scope import SCOPES
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.catalogue import CATALOGUE
from properties.conform import conform, replay
from properties.exploration.explore import explore
from properties.flaws import DROPPED

STEPS = 12
NOT_ALONG_THE_TRACE = {
    "KF-43",  # a ghost is the explorer's shortest way; the implementation refuses it for its signatures before that
    "KF-50",  # what nobody has written is the shortest; it lacks the other code, too
}
SCOPE = {"KF-36": "insider", "KF-37": "group", "KF-38": "insider", "KF-39": "group"}  # else contact
SCOPE |= {"KF-50": "settings", "KF-51": "settings", "KF-52": "forger", "KF-53": "settings", "KF-55": "stranger"}
SCOPE |= {"KF-14": "stale", "KF-58": "viewing", "KF-26": "prekeys", "KF-09": "posing", "KF-08": "renewed"}
SCOPE |= {"KF-33": "setback"}


@pytest.mark.parametrize("flaw", GALLERY)
def test_a_seeded_flaw_is_found(flaw: str) -> None:
    found = conform(steps=20_000, flaw=flaw).finding
    assert found is not None, f"{flaw} was not found"
    assert found.properties[0] in GALLERY[flaw].breaks
    assert len(found.trace.steps) <= STEPS
    again = Trace.loads(found.trace.dumps())
    assert not replay(again, flaw).agrees
    assert replay(again).agrees


@pytest.mark.parametrize("flaw", [flaw for flaw in DROPPED if flaw not in NOT_ALONG_THE_TRACE])
def test_a_dropped_guard_is_found_by_the_explorer_and_so_is_the_flaw_along_its_trace(flaw: str) -> None:
    claims = [p for p in CATALOGUE.values() if p.stated]
    found = explore(MULTI_DEVICE, SCOPES[SCOPE.get(flaw, "contact")], claims, without=frozenset(DROPPED[flaw]))
    assert found.counterexamples, f"{flaw} breaks nothing at this scope"
    trace = found.counterexamples[0].trace
    assert not replay(trace, flaw).agrees
    assert replay(trace).agrees
