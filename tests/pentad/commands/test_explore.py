"""`pentad explore`: in memory, on disk, at random, and the ways to premises."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from properties.exploration.disk import DiskSearch
from properties.exploration.estimate import Estimate
from reports.evidence import load
from tests.pentad.said import Run, python


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
    monkeypatch.setattr("properties.exploration.explore.too_many", lambda *_: Estimate(walks=100, same=1))
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


TOGETHER = {
    "resume with swarm": (["--resume", "x", "--swarm", "1s"], "a search is resumed as it began", "--swarm"),
    "resume with why": (["--resume", "x", "--why"], "a search is resumed as it began", "--why"),
    "resume with a seed": (["--resume", "x", "--seed", "0"], "a search is resumed as it began", "--seed"),
    "graph of a property": (["L1", "--graph", "x.svg"], "--graph draws all states", "ID"),
    "swarm on disk": (["--swarm", "1s", "--disk", "x"], "--swarm dives at random", "--disk"),
    "swarm with threads": (["--swarm", "1s", "--threads", "2"], "--swarm dives at random", "--threads"),
    "swarm on a cluster, why": (["--swarm", "1s", "--scheduler", "tcp://x", "--why"], "--swarm", "--scheduler, --why"),
    "why on disk": (["--why", "--disk", "x"], "--why looks for the shortest ways", "--disk"),
    "why on a cluster": (["--why", "--scheduler", "tcp://x"], "--why looks for the shortest ways", "--scheduler"),
    "threads of a cluster": (["--scheduler", "tcp://x", "--threads", "2"], "with --scheduler", "--threads"),
    "a seed for nothing": (["--seed", "3"], "--seed is where random choices come from", "--seed"),
}


@pytest.mark.parametrize(("arguments", "why", "wrong"), TOGETHER.values(), ids=TOGETHER)
def test_options_of_no_effect_beside_others_are_refused(
    run: Run, tmp_path: Path, arguments: list[str], why: str, wrong: str
) -> None:
    complaint = run("explore", *arguments).complaint
    assert complaint.startswith(why) and complaint.endswith(f"; leave out {wrong}")
    assert not list(tmp_path.iterdir())


def test_a_machine_with_many_cores_is_no_bad_usage(tmp_path: Path) -> None:
    many = (
        "import os, sys; os.cpu_count = lambda: 96; import pentad\n"
        "sys.exit(pentad.run(['explore', 'L1', '--scope', 'users=1,devices=2,lists=0,messages=0']))"
    )
    said = python("-c", many, cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")


def test_a_search_that_is_resumed_knows_its_flaw(run: Run, tmp_path: Path) -> None:
    begun = run("explore", "D2", "--scope", "tiny", "--flaw", "kf-11", "--disk", "states")
    assert begun.code == 1 and "(seeded flaw KF-11)" in begun.out
    again = run("explore", "--resume", "states", "--out", "again")
    assert again.code == 1 and "(seeded flaw KF-11)" in again.out
    (finding,) = load(tmp_path / "again").findings
    assert finding.flaw == "KF-11" and finding.trace is not None and finding.trace["flaw"] == "KF-11"


def test_a_folder_to_go_on_with_is_named_as_one_word(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(search: DiskSearch, *_: object) -> bool:
        search._save()
        return False

    monkeypatch.setattr("properties.exploration.disk.DiskSearch.run", interrupted)
    said = run("explore", "D2", "--scope", "tiny", "--memory", "2M", "--threads", 1, "--out", "my states")
    assert "it goes on with: pentad explore --resume 'my states/states-tiny'\n" in said.err
    complaint = run("explore", "--scope", "tiny", "--disk", "my states/states-tiny").complaint
    assert "go on with it by --resume 'my states/states-tiny'," in complaint


def test_a_part_of_the_adversary_is_named_wherever_a_verdict_is(run: Run, tmp_path: Path) -> None:
    asked = ["explore", "F6", "--scope", "contact", "--flaw", "KF-17", "--adversary"]
    assert run(*asked, "N", "--out", "n").code == 0
    said = run(*asked, "c", "--disk", "states")
    assert said.code == 1 and "lies=1, against C alone, seed 0\n" in said.out
    found = load(tmp_path / "pentad-out" / "weakened")
    (result,), (finding,) = found.results, found.findings
    assert result.verdict == "violated"
    assert result.scope.endswith(", against C alone, without fanout.receive.own_copy")
    assert finding.trace is not None and finding.trace["adversary"] == "C"
    path = tmp_path / "pentad-out" / "weakened" / "traces" / "explore-F6-contact.json"
    assert run("replay", path, "--flaw", "KF-17").code == 0
    assert run("replay", path, "--on", "impl").code == 0
    again = run("explore", "--resume", "states", "--out", "again")
    assert again.code == 1 and "against C alone" in again.out
    assert "leave out --adversary" in run("explore", "--resume", "states", "--adversary", "C").complaint


def test_what_holds_against_a_part_of_the_adversary_is_kept_apart(run: Run, tmp_path: Path) -> None:
    little = ["--scope", "users=1,devices=2,lists=0,messages=0", "--threads", 1]
    said = run("explore", *little, "--adversary", "")
    assert said.code == 0 and "against nobody" in said.out
    assert not (tmp_path / "pentad-out" / "evidence.json").exists()
    said = run("explore", *little, "--adversary", "N C M R P A B")
    assert said.code == 0 and "against" not in said.out
    assert (tmp_path / "pentad-out" / "evidence.json").exists()


def test_ways_of_searching_without_evidence_say_whom_they_are_against(run: Run, tmp_path: Path) -> None:
    small, tiny = "users=1,devices=2,lists=0,messages=0", "tiny"
    for way, at in (["--graph", "g.svg"], small), (["H1", "--why"], tiny), (["D2", "--swarm", "1s"], tiny):
        said = run("explore", *way, "--scope", at, "--adversary", "C")
        assert said.code == 0 and said.out.splitlines()[0].endswith(", against C alone")
    assert "g.svg: 8 states" in run("explore", "--graph", "g.svg", "--scope", small, "--adversary", "C").out
    seen = run("explore", "F6", "--swarm", "1s", "--scope", "contact", "--flaw", "KF-17", "--adversary", "N")
    assert seen.code == 0 and "nothing is broken" in seen.out
    (trace,) = (tmp_path / "pentad-out" / "why").iterdir()
    assert json.loads(trace.read_text())["adversary"] == "C"
