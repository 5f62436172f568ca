"""Vacuity: everything that proofs speak of happens, and a trace shows it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from model.accounts import Accounts, Device
from model.language import Formula, implies, invariant
from model.linking import Linking
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.evidence.necessities import of_vacuity, traces
from properties.lemmas.common import who_shows_a_qr_is_not_linked
from properties.proofs import vacuity
from properties.proofs.vacuity import Consistent, Reached, claims_of, consistent, nearest, reach
from properties.property import always
from tests.properties.visiting import cut_short


@cache
def whole_catalogue() -> list[Reached]:
    return reach(MULTI_DEVICE, claims_of(CATALOGUE.values()))


@cache
def simulation_at(name: str) -> Simulation:
    scopes = {found.trace.scope.name: found.trace.scope for found in whole_catalogue() if found.trace}
    return Simulation(MULTI_DEVICE, scopes[name])


def test_every_premise_action_and_refusal_happens() -> None:
    assert [found.what for found in whole_catalogue() if found.trace is None] == []
    actions = {found.what for found in whole_catalogue() if found.kind == "action"}
    assert actions == MULTI_DEVICE.actions.keys()


def test_what_was_cut_short_is_not_said_to_happen_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut_short()
    monkeypatch.setattr(vacuity, "explore", lambda *_, **__: found)
    with pytest.raises(KeyboardInterrupt):
        reach(MULTI_DEVICE, [CATALOGUE["L4"]])


def test_a_trace_shows_what_it_is_kept_for() -> None:
    for found in whole_catalogue():
        if found.trace is None:
            continue
        *_, last = found.trace.replay(simulation_at(found.trace.scope.name)) or [None]
        if found.kind == "action":
            assert last and (repr(last.move.action), last.verdict) == (found.what, "accepted")
        if found.kind == "refusal":
            assert last and f"{last.move.action}, {', '.join(last.by)}" == found.what


def test_a_premise_that_is_met_is_met_at_the_end_of_its_trace() -> None:
    for claim in CATALOGUE.values():
        for found in whole_catalogue():
            if found.kind == "premise" and found.what == claim.id and claim.kind == "always" and found.trace:
                simulation = simulation_at(found.trace.scope.name)
                outcomes = found.trace.replay(simulation)
                assert simulation.premise_met(claim, outcomes[-1].after if outcomes else simulation.start)


def test_an_impossible_premise_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    @always(
        "X1",
        "Who is linked and shows a QR is compromised.",
        source="",
        against="-",
        lean_on=[who_shows_a_qr_is_not_linked],
    )
    def empty(device: Device) -> Formula:
        return implies(Linking.shows_qr(device) & Accounts.linked(device), Accounts.compromised(device))

    monkeypatch.setattr(vacuity, "SPECIAL", ())
    all_goals = vacuity.goals
    monkeypatch.setattr(vacuity, "goals", lambda *of: [goal for goal in all_goals(*of) if goal.kind == "premise"])
    reached = reach(MULTI_DEVICE, [empty, who_shows_a_qr_is_not_linked])
    (premise,) = (found for found in reached if found.what == "X1")
    assert premise.trace is None and premise.excluded
    part = of_vacuity([CATALOGUE["L2"]], [replace(premise, what="L2")], [], 1.0)
    assert part.results[0].verdict == "not_checked"
    assert "The premise of L2" in [gap.what for gap in part.not_checked]
    assert "premise-X1" not in traces(reached)


def test_all_lemmas_leave_room_for_every_action() -> None:
    found = list(consistent(MULTI_DEVICE, claims_of(CATALOGUE.values()), whole_catalogue()))
    assert {each.action for each in found} == MULTI_DEVICE.actions.keys()
    assert all(each.answer == "sat" and each.witness["Device"] > 0 for each in found)


def test_lemmas_that_contradict_each_other_prove_nothing() -> None:
    @invariant()
    def everybody_shows_a_qr(device: Device) -> Formula:
        return Linking.shows_qr(device)

    @invariant()
    def nobody_shows_a_qr(device: Device) -> Formula:
        return ~Linking.shows_qr(device)

    found = list(consistent(MULTI_DEVICE, [everybody_shows_a_qr, nobody_shows_a_qr]))
    assert {each.answer for each in found} == {"unsat"}
    part = of_vacuity([CATALOGUE["L4"]], [], found, 1.0)
    assert part.results[0].verdict == "unknown"


def test_a_contradiction_is_told() -> None:
    part = of_vacuity([CATALOGUE["L4"]], [], [Consistent("linking.scan", "unsat", {})], 1.0)
    assert part.results[0].detail == "Not shown that axioms and lemmas leave room for linking.scan."


def test_the_nearest_actions_are_those_that_change_what_is_read() -> None:
    with_qr = MULTI_DEVICE.state().value(
        Linking.shows_qr, [MULTI_DEVICE.arguments(MULTI_DEVICE.actions["linking.show_qr"])[0]]
    )
    first, *_ = nearest(MULTI_DEVICE, with_qr)
    assert first == {"linking.show_qr", "linking.confirm"}
    assert MULTI_DEVICE.only(first).actions.keys() == first
    assert len(MULTI_DEVICE.actions) > 2


@pytest.mark.parametrize("kind", ["premise", "action", "refusal"])
def test_names_of_traces_are_unique(kind: str) -> None:
    shown = [found for found in whole_catalogue() if found.kind == kind and found.trace]
    assert len(traces(shown)) == len(shown)
