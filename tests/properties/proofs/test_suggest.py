"""suggest: what is missing in a proof is found, in the words of the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from model.accounts import Accounts, Device, User
from model.language import Formula, ModelError, implies
from model.linking import Linking
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.lemmas import common as lemmas
from properties.proofs.prove import prove
from properties.proofs.suggest import forget, suggest
from properties.proofs.templates import Candidate, literals, source
from properties.property import Property, always


@pytest.mark.parametrize(
    ("id", "lemma", "text"),
    [
        ("L3", lemmas.who_signs_owns, "implies(DeviceLists.signed(user, list), DeviceLists.of(user, list))"),
        ("D3", lemmas.every_view_is_signed, "DeviceLists.signed(user, DeviceLists.view(device, user))"),
    ],
    ids=["L3", "D3"],
)
def test_a_forgotten_lemma_is_found_and_the_proof_goes_through(id: str, lemma: Any, text: str) -> None:
    forgotten = forget(CATALOGUE[id], lemma)
    assert repr(lemma) not in map(repr, forgotten.closure())
    found = suggest(MULTI_DEVICE, forgotten, enough=1)
    assert found.failing
    (candidate,) = found.candidates
    assert {text} == {candidate.name}
    assert all_hold(forgotten, candidate)


def all_hold(claim: Property, candidate: Candidate) -> bool:
    """Whether claim, lemmas and candidate are inductive together, by the prover itself."""
    claims = [*claim.closure(), candidate]
    for each in claims:
        each.lemmas = tuple(other for other in claims if other is not each and other.about == "state")
    return prove(MULTI_DEVICE, [claim], processes=1)[0].verdict == "holds"


def test_where_nothing_is_missing_nothing_is_suggested() -> None:
    found = suggest(MULTI_DEVICE, CATALOGUE["L6"])
    assert found.failing == [] == found.candidates


def test_what_is_false_gets_no_suggestion_that_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    @always("X1", "Nobody links.", source="", against="-")
    def nobody_links(device: Device) -> Formula:
        return ~Accounts.linked(device)

    monkeypatch.setattr("properties.proofs.suggest.SIZES", (1, 2))
    found = suggest(MULTI_DEVICE, nobody_links)
    assert found.failing == ["X1 over linking.confirm"] and found.candidates == []


def test_a_proof_can_lack_a_condition() -> None:
    lacking = frozenset({("linking.confirm", "linking_secret")})
    found = suggest(MULTI_DEVICE, CATALOGUE["L4"], without=lacking)
    assert found.failing == ["L4 over linking.confirm"] and found.candidates == []
    with pytest.raises(ModelError, match="no condition 'linkin_secret'"):
        suggest(MULTI_DEVICE, CATALOGUE["L4"], without=frozenset({("linking.confirm", "linkin_secret")}))


def test_a_candidate_reads_like_a_lemma() -> None:
    shows = next(a for a in literals(MULTI_DEVICE, (Device,)) if a.relation is Linking.shows_qr)
    rogue = next(a for a in literals(MULTI_DEVICE, (Device,)) if a.relation is Accounts.rogue)
    candidate = Candidate((Device,), [replace(shows, denied=True), rogue])
    assert list(source(candidate)) == [
        "@invariant()",
        "def a_name_for_it(device: Device) -> Formula:",
        "    return implies(Linking.shows_qr(device), Accounts.rogue(device))",
    ]
    state = MULTI_DEVICE.state()

    def meant(device: Device) -> Formula:
        return implies(state.value(Linking.shows_qr, [device]), state.value(Accounts.rogue, [device]))

    import z3

    (variable,) = candidate.variables(state.universe)
    solver = z3.Solver()
    assert solver.check(candidate.instance([variable], state) != meant(variable)) == z3.unsat


def test_atoms_reach_through_functions() -> None:
    said = {Candidate((User, Device), [atom]).name for atom in literals(MULTI_DEVICE, (User, Device))}
    assert {
        "Linking.vouched(user, device)",
        "Linking.vouched(Accounts.account(device), device)",
        "(user == Accounts.owner(device))",
        "DeviceLists.signed(user, DeviceLists.current(user))",
    } <= said
