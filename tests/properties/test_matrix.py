"""The matrix of necessity: a guard is needed by a proof, and without it a property really breaks."""

from __future__ import annotations

import pytest

from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.evidence.necessities import of_matrix
from properties.matrix import Row, matrix, row
from properties.necessity import Need

pytestmark = pytest.mark.long

PROPERTIES = list(CATALOGUE.values())

# What it would take to fill these rows is in docs/proofs.md.
NEEDED_BY_NOTHING = {"fanout.meet.listed"}
MADE_UP_FOR_BY_OTHERS = {"fanout.receive.device_signature"}
NOTHING_BREAKS = {"groups.take_key.device_signature"}


def breaks(row: Row, id: str) -> bool:
    """Whether the trace shows it: every step goes without the guard, and the property is false after the last."""
    trace, claim = row.traces[id], CATALOGUE[id]
    simulation = Simulation(MULTI_DEVICE, trace.scope, [(row.action, row.guard)])
    outcomes = trace.replay(simulation)
    last = outcomes[-1]
    states = (last.before, last.after) if claim.about == "step" else (last.after,)
    return all(outcome.verdict == "accepted" for outcome in outcomes) and simulation.holds(claim, *states) is not None


def test_every_guard_is_needed_and_a_trace_shows_it() -> None:
    rows = matrix(MULTI_DEVICE, PROPERTIES)
    assert {row.name for row in rows if not row.claims} == NEEDED_BY_NOTHING
    assert {row.name for row in rows if row.excluded} == MADE_UP_FOR_BY_OTHERS
    without = NEEDED_BY_NOTHING | MADE_UP_FOR_BY_OTHERS | NOTHING_BREAKS
    assert {row.name for row in rows if not row.traces} == without
    assert all(breaks(row, id) for row in rows for id in row.traces)
    part = of_matrix(PROPERTIES, rows, 1.0)
    assert {gap.what for gap in part.not_checked} == {f"Whether {name} is needed" for name in without}
    assert part.runs[0].counts["needed by nothing"] == 1


@pytest.mark.parametrize(
    ("action", "guard", "id", "moves", "scope"),
    [
        ("devicelist.show", "not_older", "D2", 3, "tiny"),
        ("linking.scan", "once", "D3", 7, "again"),
        ("linking.scan", "seat_free", "L1", 10, "seats"),
    ],
    ids=["at the first scope", "at another", "among few actions"],
)
def test_a_trace_is_looked_for_where_it_is_near(action: str, guard: str, id: str, moves: int, scope: str) -> None:
    found = row(MULTI_DEVICE, PROPERTIES, Need(action, guard, "require", (CATALOGUE[id],)))
    assert (len(found.traces[id].steps), found.traces[id].scope.name) == (moves, scope)
    assert found.traces[id].property == id and breaks(found, id)


def test_what_no_proof_needs_is_not_explored() -> None:
    found = row(MULTI_DEVICE, PROPERTIES, Need("devicelist.show", "not_older", "require", ()))
    assert found == Row("devicelist.show", "not_older", ())
    (gap,) = of_matrix(PROPERTIES, [found], 1.0).not_checked
    assert gap.why == "No proof needs it: remove it, or say what it protects in the catalogue."
