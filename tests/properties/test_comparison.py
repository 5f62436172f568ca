"""The protocol beside the one before it: what the phone in the middle broke, and that nothing else did."""

from __future__ import annotations

import pytest

from model.language import Along
from model.simulate import Simulation
from model.systems import MULTI_DEVICE, TETHERED
from model.tethered import Tethered
from properties import comparison
from properties.catalogue import CATALOGUE
from properties.comparison import compare
from properties.proofs.obligations import Obligation
from properties.proofs.prove import Prover
from tests.properties.visiting import cut_short

BROKEN = ("L7", "F10", "F13", "F14", "S4")


def test_each_property_that_the_old_design_breaks_fails_on_a_trace_of_its_own() -> None:
    rows = {row.property.id: row for row in compare(MULTI_DEVICE, TETHERED, [CATALOGUE[id] for id in BROKEN])}
    assert {row.verdict for row in rows.values()} == {"holds"}
    assert {row.of_other for row in rows.values()} == {"violated"}
    assert {id: len(row.trace.steps) for id, row in rows.items() if row.trace} == {"L7": 4, "F13": 6, "F14": 6, "S4": 6}
    assert "fanout.send(message 2) reads accounts.offline" in rows["F10"].depends
    for row in rows.values():
        if row.trace is None:
            continue
        assert row.trace.system is TETHERED and row.trace.property == row.property.id
        simulation = Simulation(TETHERED, row.trace.scope)
        *_, last = row.trace.replay(simulation)
        states = (last.before, last.after) if row.property.about == "step" else (last.after,)
        assert simulation.holds(row.property, *states) is not None


def test_all_others_hold_in_both() -> None:
    """Over the actions that are not the same there."""
    prover = Prover(TETHERED)
    changed = [part.action for part in vars(Tethered).values() if isinstance(part, Along)]
    claims = {claim for property in CATALOGUE.values() for claim in property.closure()}
    asked = [Obligation(claim, None) for claim in claims if claim.through]
    asked += [Obligation(claim, action) for action in changed for claim in claims]
    found = [prover.discharge(obligation) for obligation in asked]
    assert {each.claim for each in found if each.verdict not in ("proven", "untouched")} == set(BROKEN)


def test_what_was_cut_short_is_not_said_to_lack_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut_short()
    monkeypatch.setattr(comparison, "explore", lambda *_: found)
    with pytest.raises(KeyboardInterrupt):
        compare(MULTI_DEVICE, TETHERED, [CATALOGUE["L7"]])
