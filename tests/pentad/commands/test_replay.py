"""`pentad replay`: traces that are none. Ones that are belong to those who find them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.scope import SCOPES
from tests.pentad.said import Run

STEPS = [
    {"do": "linking.show_qr", "with": {"companion": "alice.web"}, "expect": "accepted"},
    {"do": "linking.show_qr", "with": {"companion": "alice.web"}, "expect": "accepted"},
]


def trace(**changes: object) -> str:
    document = {"pentad": 1, "system": "multi_device", "scope": SCOPES["tiny"].to_json(), "steps": STEPS}
    return json.dumps(document | changes)


def step(**changes: object) -> list[dict[str, object]]:
    return [STEPS[0] | changes]


TRACES = {
    "another version": (trace(pentad=2), "the trace has version 2; this program reads version 1"),
    "an unknown action": (trace(steps=step(do="linking.scn")), "step 1: no action is named 'linking.scn'"),
    "an unknown argument": (
        trace(steps=step(**{"with": {"companio": "alice.web"}})),
        "step 1: no argument is named 'companio'; did you mean 'companion'?",
    ),
    "an unknown element": (
        trace(steps=step(**{"with": {"companion": "alice.wb"}})),
        "step 1: the scope has no Device named 'alice.wb'; did you mean 'alice.web'?",
    ),
    "cut off": (trace()[:-40], "the trace is cut off at line 1"),
    "no trace at all": ("{}", "not a pentad trace"),
}


@pytest.mark.parametrize(("text", "complaint"), TRACES.values(), ids=TRACES)
@pytest.mark.parametrize("on", ["model", "impl"])
def test_a_trace_that_is_none_is_one_line(run: Run, tmp_path: Path, text: str, complaint: str, on: str) -> None:
    path = tmp_path / "trace.json"
    path.write_text(text)
    assert run("replay", path, "--on", on).complaint.startswith(f"{path}: {complaint}")


def test_a_trace_is_replayed_on_nobody_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "trace.json").write_text(trace())
    assert "There are: model, impl" in run("replay", "trace.json", "--on", "server").complaint


def test_where_to_save_is_looked_at_before_anything_is_replayed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "trace.json").write_text(trace())
    said = run("replay", "trace.json", "--save", "no/such.json")
    assert said.complaint.startswith("there is no folder no to save such.json in") and said.out == ""
    said = run("replay", "trace.json", "--save", tmp_path)
    assert said.complaint.endswith("is a folder; say which file in it to save to") and said.out == ""
    assert run("replay", "trace.json", "--save", "trace.itf.json").code == 0
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["trace.itf.json", "trace.json"]


def test_a_transcript_is_drawn_and_a_trace_has_no_clients(run: Run, tmp_path: Path) -> None:
    (tmp_path / "today.jsonl").write_text('{"pentad-transcript": 1}\n')
    (tmp_path / "trace.json").write_text(trace())
    assert run("replay", "today.jsonl").code == 0
    complaint = run("replay", "today.jsonl", "--save", "again.jsonl", "--on", "impl").complaint
    assert complaint == "a transcript is drawn, and goes with --only alone; leave out --on, --save"
    assert run("replay", "trace.json", "--only", "alice").complaint.endswith("and this is none; leave out --only")
    assert not (tmp_path / "again.jsonl").exists()
