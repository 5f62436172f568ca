"""Traces in ITF: states go out and come back as the same steps, with or without what only Pentad writes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model import itf
from model.adversary import against
from model.scope import scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from model.trace import Trace, TraceError

TINY = Simulation(MULTI_DEVICE, scope("tiny"))
SCAN = {"phone": "alice.phone", "companion": "alice.web"}
TRACE = Trace.of(
    TINY,
    [
        TINY.move("linking.show_qr", companion="alice.web"),
        TINY.move("linking.scan", **SCAN, next="alice.1"),
        TINY.move("linking.scan", **SCAN, next="alice.2"),
        TINY.move("linking.confirm", companion="alice.web", user="alice"),
    ],
    property="L4",
    found_by="walk",
    seed=7,
)


def written(tmp_path: Path, data: object) -> Path:
    path = tmp_path / "trace.itf.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def without_what_only_pentad_writes(text: str) -> dict[str, Any]:
    data = json.loads(text)
    del data["#meta"]["trace"]
    for index, state in enumerate(data["states"]):
        state["#meta"] = {"index": index}
    return data  # type: ignore[no-any-return]


def test_states_are_sets_and_maps_of_names() -> None:
    data = json.loads(itf.dumps(TRACE))
    assert data["#meta"]["format"] == "ITF"
    first, shown, scanned, refused, joined = data["states"]
    assert set(data["vars"]) == first.keys() - {"#meta"}
    assert first["linking_shows_qr"] == {"#set": []}
    assert shown["linking_shows_qr"] == {"#set": ["alice.web"]}
    assert {"#tup": ["alice", "alice.web"]} in scanned["linking_vouched"]["#set"]
    assert ["alice", "alice.1"] in scanned["devicelist_current"]["#map"]
    assert refused["#meta"]["refused"] == ["once"] and {**refused, "#meta": 0} == {**scanned, "#meta": 0}
    assert joined["accounts_linked"] == {"#set": ["alice.web"]}


def test_what_was_written_is_read_as_the_same_trace(tmp_path: Path) -> None:
    assert itf.read(written(tmp_path, itf.dumps(TRACE))).to_json() == TRACE.to_json()


def test_the_steps_of_states_from_elsewhere_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, without_what_only_pentad_writes(itf.dumps(TRACE)))
    found = itf.read(path, scope("tiny"))
    # an attempt that changes nothing cannot be seen in states
    assert [str(step) for step in found.steps] == [str(step) for step in TRACE.steps if not step.by]


def test_a_trace_of_our_own_format_is_read_too(tmp_path: Path) -> None:
    TRACE.save(tmp_path / "trace.json")
    assert itf.read(tmp_path / "trace.json").to_json() == TRACE.to_json()


def spoilt(change: str) -> object:
    data = without_what_only_pentad_writes(itf.dumps(TRACE))
    match change:
        case "a variable is missing":
            del data["states"][1]["linking_vouched"]
        case "an element is unknown":
            data["states"][1]["linking_shows_qr"] = {"#set": ["alice.watch"]}
        case "a set is none":
            data["states"][1]["linking_shows_qr"] = True
        case "a tuple is too short":
            data["states"][1]["linking_vouched"] = {"#set": ["alice"]}
        case "it begins elsewhere":
            data["states"] = data["states"][1:]
        case "a state is left out":
            del data["states"][2:4]
        case "there are no states":
            data["states"] = []
    return data


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("a variable is missing", "state 1 has no variable linking_vouched"),
        ("an element is unknown", "no Device named 'alice.watch'"),
        ("a set is none", "state 1: linking_shows_qr is no set of elements"),
        ("a tuple is too short", "state 1: linking_vouched is no set of elements"),
        ("it begins elsewhere", "state 0 is not the first state"),
        ("a state is left out", "no step of the model leads from state 1 to state 2"),
        ("there are no states", '"states" must be a list'),
    ],
)
def test_what_is_no_run_of_the_model_is_refused_with_the_place(change: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=re.escape(why)) as refused:
        itf.read(written(tmp_path, spoilt(change)), scope("tiny"))
    assert "\n" not in str(refused.value)


def test_states_alone_do_not_say_what_their_scope_is(tmp_path: Path) -> None:
    path = written(tmp_path, without_what_only_pentad_writes(itf.dumps(TRACE)))
    with pytest.raises(TraceError, match="name it with --scope"):
        itf.read(path)


def test_states_against_a_part_of_the_adversary_say_so(tmp_path: Path) -> None:
    trace = replace(TRACE, system=against("P"))
    again = itf.read(written(tmp_path, itf.dumps(trace)))
    assert again.to_json() == trace.to_json() and again.to_json()["adversary"] == "P"
