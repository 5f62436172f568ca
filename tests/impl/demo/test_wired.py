"""Demonstrations over WebSocket and Noise: killed and cut, and what cannot be asked of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

import pentad
from impl.demo.errors import DemoError
from impl.demo.faults import Faults
from impl.demo.run import demonstrate
from impl.demo.stage import Plan
from impl.serve.transcript import Said, Transcript, load
from impl.wire.nodes import Node


def test_every_message_is_there_once_whoever_is_killed_and_cut(tmp_path: Path) -> None:
    console = Console(record=True, width=120)
    plan = Plan(28, kill=3, cut=1, seed=1, wired=True, transcript=tmp_path / "transcript.jsonl")
    verdict = demonstrate(plan, tmp_path / "stores", console)
    assert verdict.sentence == "every message is exactly once on every device", console.export_text()
    assert verdict.holds and len(verdict.said) == 28
    assert all(each.held.keys() == verdict.said for each in verdict.holdings)
    said = [each for each in load(tmp_path / "transcript.jsonl") if isinstance(each, Said)]
    clients = {each.client for each in said}
    assert {*(f"alice:{number}" for number in range(5)), "bob:0", "bob:1"} <= clients
    logins = sum(each.node.tag == "success" for each in said)
    assert logins > 7, "somebody was killed or cut, and came again"


def test_connections_are_cut_without_stanzas_too(tmp_path: Path) -> None:
    verdict = demonstrate(Plan(14, cut=1), tmp_path / "stores", Console(quiet=True))
    assert verdict.holds, verdict.sentence


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--wire", "--drop", "0.1"], "no frame of a Noise channel is ever lost"),
        (["--wire", "--duplicate", "0.1"], "no frame of a Noise channel is ever lost"),
        (["--wire", "--reorder"], "cut connections with --cut 2s"),
        (["--transcript", "t.jsonl"], "only spoken with --wire"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    options: list[str], why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pentad.run(["demo", *options]) == 2
    complaint = capsys.readouterr().err
    assert why in complaint and complaint.count("\n") == 1
    assert not [*tmp_path.iterdir()]


def test_a_plan_has_times_and_faults_that_can_be() -> None:
    with pytest.raises(DemoError, match="cut every 0 s"):
        Plan(cut=0)
    assert Plan(faults=Faults(drop=0.1), cut=1).cut == 1


def test_a_transcript_goes_on_where_a_killed_process_has_stopped(tmp_path: Path) -> None:
    path, said = tmp_path / "t.jsonl", Said(1.0, "alice:0", "in", Node("presence"))
    Transcript.resumed(path).add(said)
    with path.open("a") as file:
        file.write('{"at":2.0,"client":"alice:0","dire')
    Transcript.resumed(path).add(said)
    assert load(path) == [said, said]
