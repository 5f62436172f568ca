"""Lemmas: each proof lists what it needs, and nothing else."""

from __future__ import annotations

import pytest

from model.systems import MULTI_DEVICE
from properties import lemmas
from properties.catalogue import CATALOGUE
from properties.evidence.necessities import of_leanings
from properties.leaning import Leaning, dot, leaning, leanings
from properties.obligations import Obligations
from properties.property import Property, always
from properties.prove import prove


def without_lemma(claim: Property, name: str) -> Property:
    """The same claim, leaning on one lemma less."""
    kept = [lemma for lemma in claim.lemmas if repr(lemma) != name]
    return Property(claim.kind, claim.id, claim.statement, claim.source, claim.against, claim.fn, kept)


# of app state, to be cleaned up: what these list brings other lemmas along, which something else needs
LISTED_IN_VAIN = {
    "a_held_key_is_of_the_own_phone",
    "whoever_it_was_written_through_has_the_key",
    "a_key_is_handed_to_a_companion_by_its_phone",
    "keys_that_come_together_are_of_one_maker",
    "the_server_has_one_sequence",
    "a_key_is_for_a_list_that_its_phone_has_seen",
    "A3",
    "A4",
    "A6",
}


def test_no_proof_lists_a_lemma_in_vain() -> None:
    found = {each.claim for each in leanings(MULTI_DEVICE, CATALOGUE.values()) if each.unused}
    assert found == LISTED_IN_VAIN


def test_a_lemma_that_is_not_needed_is_told() -> None:
    claim = CATALOGUE["L6"]
    more = always("L6", claim.statement, source="", against="N", lean_on=[lemmas.no_phone_is_linked])(claim.fn)
    found = leaning(Obligations(MULTI_DEVICE), more)
    assert found == Leaning("L6", ("no_phone_is_linked",), ()) and found.unused == ["no_phone_is_linked"]
    (gap,) = of_leanings([found], 1.0).not_checked
    assert gap.what == "Why L6 lists no_phone_is_linked"


@pytest.mark.parametrize("id", ["L3", "D1", "F7"])
def test_without_a_lemma_that_it_needs_a_proof_fails(id: str) -> None:
    claim = CATALOGUE[id]
    for lemma in leaning(Obligations(MULTI_DEVICE), claim).needed:
        weaker = without_lemma(claim, lemma)
        if lemma in map(repr, weaker.closure()):
            continue
        (proof,) = prove(MULTI_DEVICE, [weaker], processes=1)
        assert proof.verdict == "violated", lemma


def test_the_graph_has_an_arrow_for_each_lemma_that_is_needed() -> None:
    text = dot([Leaning("L3", ("one", "two"), ("one",))], [CATALOGUE["L3"]])
    assert '"L3" -> "one";' in text and '"L3" -> "two" [style=dotted, label="unused"];' in text
