"""The protocol beside the one before it: what the phone in the middle broke, and that nothing else did."""

from __future__ import annotations

from model.simulate import Simulation
from model.systems import MULTI_DEVICE, TETHERED
from properties.catalogue import CATALOGUE
from properties.comparison import compare
from properties.prove import prove

BROKEN = ("L7", "F10", "F13", "S4")


def test_each_property_that_the_old_design_breaks_fails_on_a_trace_of_its_own() -> None:
    rows = {row.property.id: row for row in compare(MULTI_DEVICE, TETHERED, [CATALOGUE[id] for id in (*BROKEN, "F11")])}
    assert {row.verdict for row in rows.values()} == {"holds"}
    assert [id for id, row in rows.items() if row.of_other != "holds"] == list(BROKEN)
    assert {id: len(row.trace.steps) for id, row in rows.items() if row.trace} == {"L7": 4, "F13": 6, "S4": 6}
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
    proofs = prove(TETHERED, CATALOGUE.values())
    assert {proof.claim.id for proof in proofs if proof.verdict != "holds"} == set(BROKEN)  # type: ignore[attr-defined]
