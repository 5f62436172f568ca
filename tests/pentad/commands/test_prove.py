"""`pentad prove`: what holds, what does not, and under how many solvers."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from reports.evidence import load
from tests.pentad.said import Run


def test_what_holds_exits_with_0_and_leaves_evidence(run: Run, tmp_path: Path) -> None:
    said = run("prove", "L4", "D2")
    assert said.code == 0 and said.err == ""
    assert "scope unbounded, seed 0" in said.out.splitlines()[0]
    assert [line.split()[0] for line in said.out.splitlines() if "✓" in line][:2] == ["L4", "D2"]
    found = load(tmp_path / "pentad-out")
    assert [(result.property, result.verdict) for result in found.results] == [("L4", "holds"), ("D2", "holds")]
    assert "L4" in (tmp_path / "pentad-out" / "report.html").read_text()
    assert ET.parse(tmp_path / "pentad-out" / "junit.xml").getroot().tag == "testsuites"


def test_what_is_violated_exits_with_1_and_is_told(run: Run, tmp_path: Path) -> None:
    said = run("prove", "L4", "--without", "linking.confirm.linking_secret", "--out", tmp_path / "x")
    assert said.code == 1
    assert "the guard linking_secret was dropped, and does not hold here" in said.out
    (result,) = load(tmp_path / "x").results
    assert result.verdict == "violated"
    assert result.scope == "unbounded, without linking.confirm.linking_secret"


def test_a_proof_can_be_asked_for_under_seeds_and_of_a_second_solver(run: Run, tmp_path: Path) -> None:
    assert run("prove", "L6", "--seeds", "2", "--second-opinion").code == 0
    counts = load(tmp_path / "pentad-out").runs[0].counts
    assert counts["seeds"] == 2 and counts["cvc5 agrees on"] == counts["by solver"] > 0


def test_where_nothing_is_missing_nothing_is_suggested(run: Run) -> None:
    said = run("prove", "L6", "--suggest")
    assert said.code == 0 and said.out == "L6: nothing is missing, every obligation is met\n"


def test_a_lemma_is_looked_for_without_a_condition_too(run: Run) -> None:
    said = run("prove", "L4", "--suggest", "--without", "linking.confirm.linking_secret")
    assert said.code == 1 and said.out.startswith("L4: not shown: L4 over linking.confirm\nnothing found among ")


def test_what_means_nothing_where_lemmas_are_looked_for_is_refused(run: Run) -> None:
    said = run("prove", "L6", "--suggest", "--seeds", 1, "--second-opinion", "--out", "x")
    assert said.complaint == (
        "--suggest prints lemmas, by one solver, and keeps nothing; leave out --seeds, --second-opinion, --out"
    )
