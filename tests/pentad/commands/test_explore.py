"""`pentad explore`: in memory, on disk, at random, and the ways to premises."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from properties.estimate import Estimate
from reports.evidence import load
from tests.pentad.said import Run


def test_an_exploration_finds_a_seeded_flaw_and_its_trace_replays(run: Run, tmp_path: Path) -> None:
    said = run("explore", "D2", "--scope", "tiny", "--flaw", "KF-11", "--threads", 1)
    assert said.code == 1 and "(seeded flaw KF-11)" in said.out
    path = tmp_path / "pentad-out" / "weakened" / "traces" / "explore-D2-tiny.json"
    assert json.loads(path.read_text())["property"] == "D2"
    clean = run("replay", path)
    assert clean.code == 1
    assert "refused by not_older, but the trace expects accepted" in clean.out
    assert run("replay", path, "--flaw", "KF-11").code == 0
    assert run("replay", path, "--without", "devicelist.show.not_older").code == 0
    assert run("replay", path, "--on", "impl").code == 0
    flawed = run("replay", path, "--on", "impl", "--flaw", "KF-11")
    assert flawed.code == 1 and "devicelist.show was accepted, the model says refused" in flawed.out


def test_a_search_on_disk_is_told_again_when_resumed(run: Run, tmp_path: Path) -> None:
    begun = run("explore", "L1", "--scope", "users=1,devices=3,lists=0,messages=0", "--symmetry", "--disk", "states")
    assert begun.code == 0 and (tmp_path / "states" / "checkpoint.json").exists()
    first = load(tmp_path / "pentad-out").runs[-1].counts
    assert run("explore", "--resume", "states", "--threads", 1, "--out", "again").code == 0
    assert load(tmp_path / "again").runs[-1].counts | {"MiB": 0} == first | {"MiB": 0}
    assert first["ways to exchange"] == 2 and first["for states"] > first["states"]
    assert "is resumed as it began" in run("explore", "--resume", "states", "--scope", "tiny").complaint
    assert "holds a search already" in run("explore", "--scope", "tiny", "--disk", "states").complaint
    assert "nowhere holds no search to resume" in run("explore", "--resume", "nowhere").complaint
    assert "leave out --disk" in run("explore", "--scheduler", "tcp://127.0.0.1:1", "--disk", "other").complaint


def test_the_way_to_a_premise_is_shown(run: Run, tmp_path: Path) -> None:
    said = run("explore", "H1", "G1", "--why", "--scope", "tiny", "--threads", 1)
    assert said.code == 1 and "its premise is never met at scope tiny" in said.out
    assert run("replay", tmp_path / "pentad-out" / "why" / "H1-tiny.json").code == 0


def test_a_search_at_random_says_how_much_it_has_seen(run: Run, tmp_path: Path) -> None:
    options = ["--scope", "tiny", "--swarm", "1s", "--memory", "4M"]
    clean = run("explore", "D2", *options)
    assert clean.code == 0 and "there are at least" in clean.out and "shows nothing of the rest" in clean.out
    broken = run("explore", "D2", *options, "--flaw", "KF-11", "--out", "found")
    assert broken.code == 1 and "D2 is broken" in broken.out
    without = ["--without", "devicelist.show.not_older"]
    assert run("replay", tmp_path / "found" / "swarm" / "D2-tiny.json", *without).code == 0


def test_a_scope_that_does_not_fit_is_one_line_and_names_the_command_that_does(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("properties.explore.too_many", lambda *_: Estimate(walks=100, same=1))
    monkeypatch.setattr(sys, "argv", ["pentad", "explore", "L1", "--scope", "tiny"])
    complaint = run("explore", "L1", "--scope", "tiny").complaint
    assert "likely more than 4,950 states, as 100 walks at random hardly meet" in complaint
    assert complaint.endswith("on disk it is: pentad explore L1 --scope tiny --disk pentad-out/states-tiny")


def test_what_turns_out_not_to_fit_in_memory_goes_to_disk(run: Run, tmp_path: Path) -> None:
    said = run("explore", "D2", "--scope", "tiny", "--memory", "2M", "--threads", 1)
    assert said.code == 0 and "the states are kept in pentad-out/states-tiny meanwhile" in said.err
    assert load(tmp_path / "pentad-out").runs[-1].counts["states"] == 13_880
    assert not (tmp_path / "pentad-out" / "states-tiny").exists()
    assert "F14: whether something" in run("explore", "F14", "--scope", "tiny", "--memory", "2M").complaint
