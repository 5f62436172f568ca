"""`pentad fuzz`, shortly."""

from __future__ import annotations

from pathlib import Path

from reports.evidence import load
from tests.pentad.said import Run


def test_a_short_campaign(run: Run, tmp_path: Path) -> None:
    said = run("fuzz", "qr", "--time", "4s")
    assert said.code == 0, said.out + said.err
    assert load(tmp_path / "pentad-out").verdict("W1", "fuzz") == "holds"
