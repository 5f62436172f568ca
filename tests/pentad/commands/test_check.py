"""`pentad check`: engines that cannot run, and ones that are interrupted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pentad.budgets import Budget
from properties.catalogue import CATALOGUE
from reports.evidence import load
from tests.pentad.said import Run

A_FEW = {id: CATALOGUE[id] for id in ("L1", "L4", "D2")}


def test_an_engine_that_cannot_run_costs_no_other_its_results(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pentad.commands.check.QUICK", Budget(scopes=("small",), steps=100, fuzz_seconds=1))
    monkeypatch.setattr("pentad.commands.check.CATALOGUE", A_FEW)
    said = run("check", "--quick")
    assert said.code == 2
    assert "need at least" in said.err and said.err.count("\n") == 1
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore", "conform"]
    assert "fuzz" in [gap.engine for gap in found.not_checked]


def test_an_interruption_ends_the_whole_check_and_keeps_what_was_covered(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("properties.exploration.search.Search.run", lambda *_: False)
    monkeypatch.setattr("pentad.commands.check.CATALOGUE", A_FEW)
    said = run("check")
    assert said.code == 1
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore"]
    assert {found.verdict(id, "explore") for id in ("L1", "D2")} == {"unknown"}
