"""The matrix of necessity: a guard is needed by a proof, and without it a property really breaks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from model.language import System
from model.scope import SCOPES, Scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.catalogue import CATALOGUE
from properties.conditions import guards
from properties.evidence.necessities import of_matrix
from properties.exploration.explore import Exploration, explore
from properties.proofs import matrix as matrix_module
from properties.proofs.loosened import Guard, Kept, Loosened
from properties.proofs.matrix import Matrix, Row, matrix
from properties.proofs.necessity import Need, needs

PROPERTIES = list(CATALOGUE.values())


@cache
def whole_matrix() -> list[Row]:
    return matrix(MULTI_DEVICE, PROPERTIES, needs(MULTI_DEVICE, PROPERTIES)).rows


def test_no_row_is_empty() -> None:
    assert [row.name for row in whole_matrix() if not row.claims or not row.traces] == []
    every_guard = [f"{action}.{guard}" for action in MULTI_DEVICE.actions for guard in guards(MULTI_DEVICE, action)]
    assert [row.name for row in whole_matrix()] == every_guard
    part = of_matrix(PROPERTIES, Matrix(whole_matrix()), 1.0)
    assert part.not_checked == [] and part.runs[0].counts["needed by nothing"] == 0


@cache
def simulation_at(scope: str) -> Simulation:
    """The whole protocol, at a scope of the matrix."""
    scopes = {trace.scope.name: trace.scope for row in whole_matrix() for trace in row.traces.values()}
    return Simulation(MULTI_DEVICE, scopes[scope])


def test_every_counterexample_replays_and_misses_its_guard_alone() -> None:
    for row in whole_matrix():
        for id, trace in row.traces.items():
            simulation, claim = simulation_at(trace.scope.name), CATALOGUE[id]
            before = after = simulation.start
            missed = set()
            for step in trace.steps:
                move = simulation.move(step.do, **step.with_)
                assert simulation.possible(after, move) == ()
                missed.update((step.do, guard) for guard in simulation.failing(after, move))
                before, after = after, simulation.step(after, move)
            states = (before, after) if claim.about == "step" else (after,)
            assert missed == {(row.action, row.guard)} and simulation.holds(claim, *states) is not None


@pytest.mark.parametrize(
    ("guard", "id"), [(("linking.scan", "seat_free"), "L1"), (("appstate.take", "key"), "A1")], ids=["L1", "A1"]
)
def test_a_counterexample_is_a_trace_of_the_protocol_without_the_guard(guard: Guard, id: str) -> None:
    (row,) = (row for row in whole_matrix() if (row.action, row.guard) == guard)
    trace = Trace.loads(row.traces[id].dumps())
    outcomes = trace.annotated(Simulation(MULTI_DEVICE, trace.scope, [guard])).steps
    assert trace.property == id and [step.expect for step in outcomes] == ["accepted"] * len(outcomes)
    assert outcomes == trace.steps


def test_what_no_proof_needs_is_not_explored() -> None:
    (found,) = matrix(MULTI_DEVICE, PROPERTIES, [Need("devicelist.show", "not_older", "require", ())]).rows
    assert found == Row("devicelist.show", "not_older", ())
    (gap,) = of_matrix(PROPERTIES, Matrix([found]), 1.0).not_checked
    assert gap.why == "No proof needs it: remove it, or say what it protects in the catalogue."


def test_a_guard_that_others_make_up_for_is_told() -> None:
    twice = Need("devicelist.show", "signature", "require", (CATALOGUE["D1"],))
    (found,) = matrix(MULTI_DEVICE, [CATALOGUE["D1"]], [twice]).rows
    assert found.traces.keys() == {"D1"}
    redundant = Matrix([Row(found.action, found.guard, found.claims, {}, excluded=True)])
    (gap,) = of_matrix(PROPERTIES, redundant, 1.0).not_checked
    assert gap.why == "The proof of D1 needs it, but with all lemmas the other guards make up for it."


def test_one_guard_is_missed_and_no_other_after_it() -> None:
    both = [("devicelist.show", "signature"), ("devicelist.show", "not_older")]
    loosened, scope = Loosened(MULTI_DEVICE, both), SCOPES["tiny"]
    simulation = Simulation(loosened, scope)
    unsigned = simulation.move("devicelist.show", device="alice.phone", user="alice", list="alice.2")
    older = simulation.move("devicelist.show", device="alice.phone", user="alice", list="alice.0")
    assert Simulation(MULTI_DEVICE, scope).failing(simulation.start, unsigned) == ("signature",)
    after = simulation.step(simulation.start, unsigned)
    assert simulation.failing(simulation.start, unsigned) == () and simulation.failing(after, older) == ("not_older",)
    kept = Kept(loosened, both[0], [CATALOGUE["D1"]])
    assert simulation.holds(kept, simulation.start, simulation.start) is None
    assert simulation.holds(kept, simulation.start, after) is not None
    assert simulation.holds(Kept(loosened, both[1], [CATALOGUE["D1"]]), simulation.start, after) is None


def test_an_interruption_keeps_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    wanted = [Need("devicelist.show", guard, "require", (CATALOGUE["D2"],)) for guard in ("signature", "not_older")]
    found = matrix(MULTI_DEVICE, PROPERTIES, wanted, progress=interrupted)
    assert found.interrupted and [row.traces.keys() for row in found.rows] == [{"D2"}, {"D2"}]


def test_an_interrupted_search_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Need("devicelist.show", guard, "require", (CATALOGUE["D2"],)) for guard in ("signature", "not_older")]
    searches = list[str]()

    def cut_short(system: System, scope: Scope, claims: list[Kept], **options: Any) -> Exploration:
        searches.append(scope.name)
        found = explore(system, scope, claims, **options)
        return replace(found, counterexamples=found.counterexamples[:1], interrupted=True)

    monkeypatch.setattr(matrix_module, "explore", cut_short)
    found = matrix(MULTI_DEVICE, PROPERTIES, wanted)
    assert found.interrupted and searches == ["tiny"] and sum(bool(row.traces) for row in found.rows) == 1
