"""Lemmas: each proof lists what it needs, and nothing else."""

from __future__ import annotations

import pytest

from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.evidence.necessities import of_leanings
from properties.lemmas import common as lemmas
from properties.proofs.leaning import Leaning, dot, leaning, leanings
from properties.proofs.obligations import Obligations
from properties.proofs.prove import prove
from properties.property import Property, always


def without_lemma(claim: Property, name: str) -> Property:
    """The same claim, leaning on one lemma less."""
    kept = [lemma for lemma in claim.lemmas if repr(lemma) != name]
    return Property(claim.kind, claim.id, claim.statement, claim.source, claim.against, claim.fn, kept)


def test_no_proof_lists_a_lemma_in_vain() -> None:
    assert {each.claim: each.unused for each in leanings(MULTI_DEVICE, CATALOGUE.values()) if each.unused} == {}


def test_a_lemma_that_is_not_needed_is_told() -> None:
    claim = CATALOGUE["L6"]
    more = always("L6", claim.statement, source="", against="N", lean_on=[lemmas.who_shows_a_qr_is_honest])(claim.fn)
    found = leaning(Obligations(MULTI_DEVICE), more)
    assert found == Leaning("L6", ("who_shows_a_qr_is_honest",), ()) and found.unused == ["who_shows_a_qr_is_honest"]
    (gap,) = of_leanings([found], 1.0).not_checked
    assert gap.what == "Why L6 lists who_shows_a_qr_is_honest"


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
