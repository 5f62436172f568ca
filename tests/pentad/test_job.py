"""The folder of a job: what is added to what is there, and what is not touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.evidence import load
from tests.pentad.said import Run


def test_less_than_the_protocol_is_kept_apart(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    run("prove", "L4", "--without", "linking.confirm.linking_secret")
    assert load(tmp_path / "pentad-out").exit_code() == 0
    assert load(tmp_path / "pentad-out" / "weakened").exit_code() == 1
    run("explore", "D2", "--scope", "tiny", "--flaw", "KF-11", "--threads", 1, "--out", "pentad-out")
    assert load(tmp_path / "pentad-out").engines == ["explore"]


def test_engines_that_run_one_after_another_add_up(run: Run, tmp_path: Path) -> None:
    run("prove", "L1")
    run("explore", "L1", "F4", "F10", "R1", "--scope", "users=1,devices=2,lists=1,messages=0")
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore"]
    verdicts = {result.property: result.verdict for result in found.results if result.engine == "explore"}
    assert verdicts == {"L1": "holds", "F4": "not_checked", "F10": "holds", "R1": "holds"}


def test_damaged_evidence_is_one_line_and_stays(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    path = tmp_path / "pentad-out" / "evidence.json"
    path.write_text(path.read_text()[:-100])
    damaged = path.read_text()
    assert "cut short at line" in run("report", "pentad-out").complaint
    assert "cut short at line" in run("prove", "L4").complaint
    assert path.read_text() == damaged


def test_a_folder_that_is_a_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    advice = "taken is a file, and a folder is needed there; choose another place"
    assert run("explore", "--scope", "medium", "--out", "taken").complaint == advice
    assert run("prove", "--out", "taken/below").complaint == advice
    assert (tmp_path / "taken").read_text() == "mine"


def test_no_space_left_is_one_line_and_the_older_evidence_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("prove", "L4")
    before = (tmp_path / "pentad-out" / "evidence.json").read_text()
    monkeypatch.setattr("os.fsync", full)
    said = run("prove", "D2")
    assert said.complaint.endswith("No space left on device")
    assert "D2" in said.out and "✓" in said.out
    assert (tmp_path / "pentad-out" / "evidence.json").read_text() == before


def full(_: int) -> None:
    raise OSError(28, "No space left on device")
