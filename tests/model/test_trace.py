"""Traces: written, read, replayed and drawn; and what is said of a file that is none."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.adversary import against
from model.chart import chart
from model.language import ModelError
from model.scope import SCOPES, Scope, ScopeError, scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from model.trace import Step, Trace, TraceError

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("rollback.txt")

LINKING = [
    ("linking.show_qr", {"companion": "alice.web"}),
    ("linking.scan", {"phone": "alice.phone", "companion": "alice.web", "next": "alice.1"}),
    ("linking.confirm", {"companion": "alice.web", "user": "alice"}),
    ("devicelist.show", {"device": "alice.web", "user": "alice", "list": "alice.1"}),
]
ROLLBACK = [
    *LINKING,
    ("devicelist.show", {"device": "bob.phone", "user": "alice", "list": "alice.1"}),
    ("devicelist.show", {"device": "bob.phone", "user": "alice", "list": "alice.0"}),
    ("accounts.switch_phone", {"phone": "alice.phone"}),
    ("fanout.receive", {"device": "alice.web", "message": "message 1", "addressee": "alice.phone"}),
]


@pytest.fixture(scope="module")
def small() -> Simulation:
    return Simulation(MULTI_DEVICE, scope("small"))


@pytest.fixture(scope="module")
def rollback(small: Simulation) -> Trace:
    moves = [small.move(do, **arguments) for do, arguments in ROLLBACK]
    return Trace.of(small, moves, property="D2", found_by="conform", seed=7)


def test_a_trace_against_a_part_of_the_adversary_says_so_and_replays_with_and_without(rollback: Trace) -> None:
    lacking = Simulation(against("C, b"), scope("small"))
    begun = Trace.of(lacking, [lacking.move(do, **arguments) for do, arguments in LINKING])
    assert begun.to_json()["adversary"] == "C B" and "adversary C B\n" in chart(begun)
    again = Trace.loads(begun.dumps())
    assert again.steps == begun.steps and again.system is lacking.system
    assert [outcome.verdict for outcome in again.replay(lacking)] == ["accepted"] * 4
    assert Trace.loads(re.sub(r'"adversary": "C B",', "", begun.dumps())).system is MULTI_DEVICE
    with pytest.raises(TraceError, match=r"step 6, devicelist\.show.*, is no move at this point: honest_network"):
        rollback.replay(lacking)
    assert "adversary" not in rollback.to_json() and "adversary" not in chart(rollback)


def test_an_adversary_has_the_capabilities_that_there_are() -> None:
    assert against("bapr mcn") is MULTI_DEVICE and against("N") is against("nN")
    with pytest.raises(ModelError, match=r"no adversary has a capability 'X'; there are N, C, M, R, P, A, B"):
        against("N X")


def test_a_trace_predicts_what_is_accepted_and_what_is_refused(rollback: Trace) -> None:
    assert [step.expect for step in rollback.steps] == ["accepted"] * 5 + ["refused", "accepted", "refused"]
    assert rollback.steps[5] == Step(
        do="devicelist.show",
        with_={"device": "bob.phone", "user": "alice", "list": "alice.0"},
        expect="refused",
        by=("not_older",),
        says="The server shows bob.phone the list alice.0 as that of alice.",
        actor="bob.phone",
        changes=(),
    )


def test_the_other_end_is_a_device_among_the_arguments_or_tied_to_one(small: Simulation, rollback: Trace) -> None:
    assert [(step.actor, step.other) for step in rollback.steps[1:]] == [
        ("alice.phone", "alice.web"),
        ("alice.web", None),
        ("alice.web", None),
        ("bob.phone", None),
        ("bob.phone", None),
        (None, "alice.phone"),
        ("alice.web", "alice.phone"),
    ]
    linked = [small.move(do, **arguments) for do, arguments in LINKING]
    own = {"device": "alice.web", "message": "message 1", "addressee": "alice.web"}
    assert Trace.of(small, [*linked, small.move("fanout.receive", **own)]).steps[-1].other == "bob.phone"


def test_a_refused_step_changes_nothing(small: Simulation, rollback: Trace) -> None:
    outcome = rollback.replay(small)[5]
    assert (outcome.verdict, outcome.by) == ("refused", ("not_older",))
    assert outcome.before == outcome.after
    assert outcome.before != small.start


def test_what_the_bytes_break_is_refused_although_the_model_would_accept(small: Simulation, rollback: Trace) -> None:
    forged = replace(rollback.steps[2], expect="refused", breaks="account_signature")
    trace = replace(rollback, steps=(*rollback.steps[:2], forged))
    *_, outcome = trace.replay(small)
    assert (outcome.by, outcome.after) == (("account_signature",), outcome.before)
    assert trace.annotated(small).steps[2].by == ("account_signature",)
    assert json.loads(trace.dumps())["steps"][2]["breaks"] == "account_signature"


def test_a_move_that_does_not_exist_does_not_replay(small: Simulation, rollback: Trace) -> None:
    without_qr = replace(rollback, steps=rollback.steps[1:])
    with pytest.raises(
        TraceError, match=r"^step 1, linking\.scan\(alice\.phone, alice\.web, alice\.1\), is no move at "
    ):
        without_qr.replay(small)
    with pytest.raises(TraceError, match="qr_in_sight does not hold"):
        without_qr.replay(small)


def test_a_trace_of_another_scope_does_not_replay(rollback: Trace) -> None:
    alone = Simulation(MULTI_DEVICE, scope("users=1,devices=2,lists=1,messages=0"))
    with pytest.raises(TraceError, match=r"^step 5: scope users=1,devices=2,lists=1 has no Device named 'bob\.phone'"):
        rollback.replay(alone)


def test_a_trace_that_expects_otherwise_is_not_annotated(small: Simulation, rollback: Trace) -> None:
    hopeful = replace(rollback.steps[5], expect="accepted")
    with pytest.raises(TraceError, match=r"step 6, .* to be accepted, but the model has it refused by not_older"):
        replace(rollback, steps=(*rollback.steps[:5], hopeful)).annotated(small)


def test_a_model_without_the_guard_accepts_the_attempt(rollback: Trace) -> None:
    weak = Simulation(MULTI_DEVICE, scope("small"), without=[("devicelist.show", "not_older")])
    assert rollback.replay(weak)[5].verdict == "accepted"


def test_what_is_written_is_read_again(tmp_path: Path, rollback: Trace) -> None:
    path = tmp_path / "rollback.json"
    rollback.save(path)
    again = Trace.load(path)
    assert again.steps == rollback.steps
    assert again.dumps() == rollback.dumps() == path.read_text(encoding="utf-8")
    assert again.scope.frozen == rollback.scope.frozen
    assert (again.property, again.found_by, again.seed, again.flaw) == ("D2", "conform", 7, None)


def test_the_json_is_one_line_a_step(rollback: Trace) -> None:
    data = json.loads(rollback.dumps())
    assert list(data)[:3] == ["pentad", "system", "property"]
    assert data["participants"] == ["alice.phone", "bob.phone", "alice.web"]
    assert data["steps"][5] == {
        "do": "devicelist.show",
        "with": {"device": "bob.phone", "user": "alice", "list": "alice.0"},
        "expect": "refused",
        "by": ["not_older"],
        "says": "The server shows bob.phone the list alice.0 as that of alice.",
        "actor": "bob.phone",
        "other": None,
        "changes": [],
    }
    assert sum('"do"' in line for line in rollback.dumps().splitlines()) == len(rollback.steps)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, rollback: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rollback.json"
    rollback.save(path)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        replace(rollback, seed=8).save(path)
    assert Trace.load(path).seed == 7


def test_half_a_trace_is_an_error_wherever_it_ends(rollback: Trace) -> None:
    text = rollback.dumps().rstrip()
    for end in range(0, len(text), 7):
        with pytest.raises(TraceError, match=r"line \d+ column \d+"):
            Trace.loads(text[:end])
    with pytest.raises(TraceError, match=r"^the trace is cut off at line 11 column 1; fetch the whole file$"):
        Trace.loads("\n".join(text.splitlines()[:10]) + "\n")


def test_a_file_is_named_in_its_error(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"none\.json cannot be read: No such file or directory$"):
        Trace.load(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(TraceError, match=r"bytes\.json is no trace: it is not UTF-8 text$"):
        Trace.load(tmp_path / "bytes.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(TraceError, match=r"list\.json: not a pentad trace: a trace is a JSON object that begins with"):
        Trace.load(tmp_path / "list.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"pentad": 1,, }', "not JSON at line 1 column 14: "),
        ("", "the trace is cut off at line 1 column 1; fetch the whole file"),
        ("{}", 'not a pentad trace: a trace is a JSON object that begins with "pentad": 1'),
        ("[" * 100_000, "not a pentad trace: maximum recursion depth exceeded"),
        ('{"pentad": ' + "1" * 5000 + "}", "not a pentad trace: Exceeds the limit"),
    ],
)
def test_what_is_no_trace_is_refused(text: str, message: str) -> None:
    with pytest.raises(TraceError) as caught:
        Trace.loads(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["pentad"], 2, "the trace has version 2; this program reads version 1"),
        (["system"], "multidevice", "unknown system 'multidevice'; did you mean 'multi_device'?"),
        (["system"], 5, "unknown system 5; there are: multi_device"),
        (["seed"], "7", "the trace: 'seed' must be a number, not '7'"),
        (["sed"], 7, "the trace has an unknown field 'sed'; did you mean 'seed'?"),
        (["steps"], [], "the trace has no steps; it needs at least one"),
        (["steps", 0], 3, "step 1 is not a JSON object but 3"),
        (["steps", 0, "do"], "linking.show", "step 1: no action is named 'linking.show'; did you mean 'linking."),
        (["steps", 0, "expects"], "refused", "step 1 has an unknown field 'expects'; did you mean 'expect'?"),
        (["steps", 0, "expect"], "no", 'step 1: "expect" must be "accepted" or "refused", not \'no\''),
        (["steps", 0, "got"], "no", 'step 1: "got" must be "accepted", "refused" or absent, not \'no\''),
        (["steps", 0, "by"], "fresh", "step 1: 'by' must be a list of texts, not 'fresh'"),
        (["steps", 0, "by"], ["frsh"], "step 1: linking.show_qr has no guard named 'frsh'; did you mean 'fresh'?"),
        (["steps", 0, "breaks"], "fresh", 'step 1 breaks fresh and must expect "refused"'),
        (["steps", 0, "actor"], "bob.web", "step 1: the scope has no Device named 'bob.web'; did you mean"),
        (["steps", 0, "with"], None, 'step 1: "with" must be an object with the arguments; linking.show_qr takes'),
        (["steps", 0, "with"], {}, "step 1: argument 'companion' is missing; linking.show_qr takes companion"),
        (["steps", 0, "with", "companions"], "x", "step 1: no argument is named 'companions'; did you mean 'compan"),
        (["steps", 0, "with", "companion"], None, "step 1: the scope has no Device named None; there are: alice"),
        (["steps", 1, "with", "next"], "alice.9", "step 2: the scope has no DeviceList named 'alice.9'; did you mean"),
        (["scope"], {}, "a scope is a JSON object with name, sizes, devices, lists, messages"),
        (["scope", "grups"], [], "a scope has no 'grups'; it may have: name, sizes, devices, lists, messages, groups"),
        (["scope", "devices"], "all", "'devices' of a scope must be a list, not 'all'"),
        (["scope", "devices", 0, 3], 0, "['alice.phone', 'alice', 0, 0] in 'devices' of a scope must be: text, text"),
        (["scope", "devices", 0, 2], 10**9, "device 'alice.phone' has key index 1000000000; at most as many"),
        (["scope", "devices", 2, 0], "bob.phone", "a scope has two devices named 'bob.phone'"),
        (["scope", "devices"], [], "a scope needs at least one device"),
        (["scope", "lists", 0, 1], "carol", "no device of the scope belongs to 'carol'; users are alice, bob"),
        (["scope", "messages", 0, 1], "bob", "message 'message 1' of the scope is written on 'bob', no device"),
        (["scope", "messages", 0], ["m", "bob.phone", "alice", False, "end"], "message 'm' of the scope ends by 'end'"),
        (["scope", "messages", 0], ["m", "bob.phone", "alice"], "['m', 'bob.phone', 'alice'] in 'messages' of a scope"),
        (["scope", "sizes", "users"], "2", "['users', '2'] in 'sizes' of a scope must be: text, a number"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(rollback: Trace, path: list[Any], value: object, message: str) -> None:
    data = json.loads(rollback.dumps())
    *way, last = path
    place = data
    for key in way:
        place = place[key]
    place[last] = value
    with pytest.raises(TraceError) as caught:
        Trace.loads(json.dumps(data))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["system", "scope", "steps"])
def test_nothing_that_matters_may_be_missing(rollback: Trace, key: str) -> None:
    data = json.loads(rollback.dumps())
    del data[key]
    with pytest.raises(TraceError, match=f"the trace has no '{key}'"):
        Trace.loads(json.dumps(data))


@pytest.mark.parametrize("name", SCOPES)
def test_a_scope_is_built_again_from_its_json(name: str) -> None:
    again = Scope.from_json(json.loads(json.dumps(scope(name).to_json())))
    assert (again.names, again.frozen) == (scope(name).names, scope(name).frozen)
    assert str(again) == str(scope(name))


def test_a_scope_that_is_none_is_refused() -> None:
    with pytest.raises(ScopeError, match="a scope is a JSON object with name, sizes, devices"):
        Scope.from_json([])


def test_a_chart_reads_like_this(rollback: Trace) -> None:
    assert chart(rollback) == GOLDEN.read_text(encoding="utf-8")


def test_a_chart_of_five_participants_fits_the_terminal() -> None:
    family = Simulation(MULTI_DEVICE, scope("users=1,devices=5,lists=4,messages=1"))
    companions = ["alice.web", "alice.desktop", "alice.tablet", "alice.portal"]
    moves = [family.move("linking.show_qr", companion=c) for c in companions]
    moves += [
        family.move("linking.scan", phone="alice.phone", companion=c, next=f"alice.{i + 1}")
        for i, c in enumerate(companions)
    ]
    lines = chart(Trace.of(family, moves)).splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("  8     ●────────┼────────┼────────┼────────○") for line in lines)


def test_a_chart_says_where_an_implementation_differs(rollback: Trace) -> None:
    accepted = replace(rollback.steps[5], got="accepted")
    drawn = chart(replace(rollback, steps=(*rollback.steps[:5], accepted), flaw="trusts the server's order"))
    assert "✗ refused: not_older\n" in drawn and "! but it was accepted\n" in drawn
    assert "flaw      trusts the server's order\n" in drawn


def test_a_trace_that_is_not_annotated_is_drawn_all_the_same() -> None:
    bare = Trace(MULTI_DEVICE, scope("tiny"), (Step(*LINKING[0], expect="accepted"),))
    assert "linking.show_qr(alice.web)" in chart(bare)


def test_the_documented_example_replays() -> None:
    _, text, _, drawn, _ = re.split(r"```(?:json|text)?\n", (ROOT / "docs" / "trace.md").read_text(encoding="utf-8"))
    trace = Trace.loads(text)
    assert trace.annotated(Simulation(trace.system, trace.scope)).dumps() == text
    assert trace.scope.to_json() == scope("small").to_json()
    assert chart(trace) == drawn
