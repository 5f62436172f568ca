"""`pentad conform`, shortly."""

from __future__ import annotations

from pathlib import Path

from reports.evidence import load
from tests.pentad.said import Run


def test_a_short_conformance_run(run: Run, tmp_path: Path) -> None:
    said = run("conform", "--steps", 200, "--seed", 3)
    assert said.code == 0
    found = load(tmp_path / "pentad-out")
    assert found.seed == 3 and found.runs[0].seed == 3
    assert found.runs[0].counts["steps"] >= 200
    agrees = next(result for result in found.results if result.property == "M1")
    assert agrees.verdict == "holds"
