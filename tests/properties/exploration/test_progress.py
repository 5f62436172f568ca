"""Progress: what can always still come true, as the plain model has it, and what is shown where it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from model import itf
from model.accounts import Accounts, Device
from model.chart import chart
from model.fanout import Fanout, Message
from model.language import Formula, ModelError, System, implies
from model.scope import Scope, scope, sized
from model.simulate import Simulation
from model.systems import MULTI_DEVICE, TETHERED
from model.trace import Trace, TraceError
from properties.catalogue import CATALOGUE
from properties.exploration import explore as explorer
from properties.exploration.explore import Exploration, NotReproduced, explore
from properties.exploration.progress import Pursuit
from properties.proofs.prove import prove
from properties.property import Property, Steps, progress
from tests.properties.variants import FORGETFUL

F14 = CATALOGUE["F14"]
FEW = sized(users=1, devices=2, lists=1, messages=1)
SPOKEN_OF = ("accounts.switch", "devicelist.", "fanout.", "linking.")
NEW, OLD, FORGETTING = (
    system.only({name for name in system.actions if name.startswith(SPOKEN_OF)})
    for system in (MULTI_DEVICE, TETHERED, FORGETFUL)
)


def any_phone(phone: Device) -> Formula:
    return Accounts.phone(phone)


def unproven(*elements: object) -> Steps:
    return []


def to_be(id: str, through: Any, fn: Any) -> Property:
    return progress(id, "It comes true.", through=through, way=unproven, source="", against="-")(fn)


def companions_have_all(message: Message, device: Device) -> Formula:
    waits = Fanout.sealed(message, device) & Accounts.linked(device) & ~Accounts.rogue(device)
    return implies(waits, Fanout.received(device, message))


def somebody_links(device: Device) -> Formula:
    return Accounts.phone(device) | Accounts.linked(device)


SWITCHED = to_be("X1", {**F14.through, Accounts.switch_phone: any_phone}, companions_have_all)
ROUND = to_be("X2", {Accounts.switch_phone: any_phone}, somebody_links)


@cache
def explored(system: System, goal: Property) -> Exploration:
    return explore(system, FEW, [goal])


def judged(system: System, at: Scope, goal: Property) -> tuple[int, int, int | None, int | None]:
    """By the plain model: states that are open, and lost, and how far the nearest lost one and livelock are."""
    simulation, counting = Simulation(system, at), Simulation(system.among(goal.through), at)
    moves, counted = nx.DiGraph(), nx.DiGraph()
    depths, level = {simulation.start: 0}, [simulation.start]
    while level:
        following = []
        for state in level:
            moves.add_edges_from((state, after) for _, after in simulation.successors(state))
            counted.add_edges_from((state, after) for _, after in counting.successors(state))
            for after in moves.successors(state):
                if after not in depths:
                    depths[after] = depths[state] + 1
                    following.append(after)
        level = following
    there = {state for state in depths if simulation.holds(goal, state) is None}
    counted.add_edges_from((state, "there") for state in there)
    lost = depths.keys() - nx.ancestors(counted, "there")
    rounds = []
    for part in nx.strongly_connected_components(moves.subgraph(depths.keys() - there)):
        possible = [{move for move, _ in counting.successors(state)} for state in part]
        made = {move for state in part for move, after in counting.successors(state) if after in part}
        if len(part) > 1 and set.intersection(*possible) <= made:
            rounds.append(min(map(depths.__getitem__, part)))
    nearest = min(map(depths.__getitem__, lost)) if lost else None
    return len(depths) - len(there), len(lost), nearest, min(rounds, default=None)


@pytest.mark.parametrize(
    ("system", "goal"),
    [(NEW, F14), (OLD, F14), (FORGETTING, F14), (NEW, SWITCHED), (OLD, SWITCHED)],
    ids=lambda each: getattr(each, "name", each),
)
def test_what_is_lost_and_what_goes_round_is_so_in_the_plain_model(system: System, goal: Property) -> None:
    is_open, lost, nearest, livelock = judged(system, FEW, goal)
    one, two = explored(system, goal), explore(system, FEW, [goal], threads=1)
    assert one.pursuits == two.pursuits and one.counterexamples == two.counterexamples
    pursuit = one.pursuits[goal]
    assert (pursuit.open, pursuit.lost) == (is_open, lost)
    assert (len(pursuit.stuck) if pursuit.stuck is not None else None) == nearest
    if not lost:
        assert (pursuit.livelock[1] if pursuit.livelock else None) == livelock
    assert bool(one.counterexamples) == bool(lost or livelock)


def test_mailboxes_can_always_drain() -> None:
    found = explore(MULTI_DEVICE, scope("tiny"), [F14])
    assert found.complete and not found.counterexamples
    assert found.pursuits[F14].sought and found.pursuits[F14].open and F14 in found.reached


def test_in_the_old_design_a_message_waits_for_as_long_as_the_phone_is_off() -> None:
    (found,) = explored(OLD, F14).counterexamples
    assert [step.do for step in found.trace.steps][-2:] == ["fanout.send", "accounts.switch_phone"]
    assert found.trace.loop is None
    assert "lead to no state in which it is true (2 states were looked at)." in found.says[0]


def test_in_the_old_design_a_message_may_wait_for_ever_though_the_phone_is_on_now_and_then(tmp_path: Path) -> None:
    (found,) = explored(OLD, SWITCHED).counterexamples
    trace = found.trace
    assert trace.loop == len(trace.steps) - 2
    assert [step.do for step in trace.steps[-3:]] == ["devicelist.show", *["accounts.switch_phone"] * 2]
    assert f"from step {trace.loop} on it can go round for ever" in found.says[0]
    assert f"for ever  from step {trace.loop} on" in chart(trace)
    assert Trace.loads(trace.dumps()).dumps() == trace.dumps()
    trace.replay(Simulation(TETHERED, FEW))
    (tmp_path / "way.itf.json").write_text(itf.dumps(trace))
    assert itf.read(tmp_path / "way.itf.json").dumps() == trace.dumps()
    assert json.loads(itf.dumps(trace))["loop"] == trace.loop - 1


def test_what_is_lost_may_go_round_too() -> None:
    (found,) = explore(NEW, FEW, [ROUND]).counterexamples
    assert found.violation.path == []
    assert [step.do for step in found.trace.steps] == ["accounts.switch_phone"] * 2 and found.trace.loop == 1
    assert found.says[0].endswith("moves that count go round from step 1 on, and end nowhere.")


def test_a_trace_that_does_not_come_back_is_none() -> None:
    trace = explored(OLD, SWITCHED).counterexamples[0].trace
    with pytest.raises(TraceError, match="the last step does not lead back to before step 1"):
        replace(trace, loop=1).replay(Simulation(OLD, FEW))
    document = json.loads(trace.dumps()) | {"loop": 99}
    with pytest.raises(TraceError, match="'loop' must be the number of a step, not 99"):
        Trace.loads(json.dumps(document))


def test_a_lost_state_counts_only_once_the_plain_model_has_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "pursue", lambda *_: Pursuit(open=1, lost=1, stuck=[]))
    linked = to_be("X4", dict.fromkeys(NEW.actions.values(), lambda: True), somebody_links)
    with pytest.raises(NotReproduced, match=r"moves that count lead to where it is true.*a bug of Pentad"):
        explore(NEW, FEW, [linked])


def test_among_too_many_states_no_livelock_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "MOST", 1)
    found = explore(OLD, FEW, [SWITCHED])
    assert not found.counterexamples and not found.pursuits[SWITCHED].sought
    assert explore(OLD, FEW, [SWITCHED], thorough=True).counterexamples
    monkeypatch.setattr("properties.exploration.progress.ROUND", 1 << 40)
    assert not explore(OLD, FEW, [SWITCHED], thorough=True).pursuits[SWITCHED].sought


@pytest.mark.parametrize(
    ("how", "reason"),
    [({"symmetric": True}, "--symmetry"), ({"disk": Path("states")}, "--disk"), ({"scheduler": "tcp://x"}, "--sched")],
)
def test_where_it_cannot_be_told_it_is_refused(how: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelError, match=f"F14: .*{reason}"):
        explore(NEW, FEW, [F14], **how)


def test_a_way_is_made_of_moves_that_count() -> None:
    def by_the_switch(message: Message, device: Device) -> Steps:
        return [(Accounts.switch_phone, device)]

    wrong = progress("X5", "It comes true.", through=F14.through, way=by_the_switch, source="", against="-")
    with pytest.raises(ModelError, match=r"no action is named 'accounts.switch_phone'; there are: devicelist\.show"):
        prove(NEW, [wrong(companions_have_all)], processes=1)


def test_what_is_to_come_true_needs_moves() -> None:
    with pytest.raises(ModelError, match="X6 is to come true through no moves"):
        to_be("X6", {}, somebody_links)
