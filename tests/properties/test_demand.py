"""History on demand: every state of its scopes, what each guard is there for, and a merge that overwrites."""

from __future__ import annotations

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.variants import OVERWRITING
from tests.properties.visiting import actions_of, visited

COUNTS = {  # states, transitions, depth, deadlocks
    "demand": (40_340, 330_172, 19, 0),
    "begging": (112, 664, 8, 0),
    "pretending": (13_440, 122_882, 18, 0),
    "hearsay": (203_392, 2_877_368, 23, 0),
}


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(COUNTS)
    assert found.counts == COUNTS and found.sound
    assert actions_of("demand") <= found.happened
    assert {"F7", "H1", "H3", "H4", "H5", "H6", "H7", "H8"} <= found.reached


def test_who_answers_whomever_it_has_listed_once_is_told() -> None:
    unlinked = {("demand.answer", "author_listed")}
    found = explore(MULTI_DEVICE, scope("demand"), [CATALOGUE["H6"]], without=unlinked)
    assert [c.violation.claim.name for c in found.counterexamples] == ["nothing_after_unlinking"]


def test_a_merge_that_overwrites_is_told() -> None:
    found = explore(OVERWRITING, scope("demand"), [CATALOGUE["H7"]])
    assert [c.violation.claim.name for c in found.counterexamples] == ["only_what_is_lacking"]
