"""`pentad report`: the same page again."""

from __future__ import annotations

from pathlib import Path

from tests.pentad.said import Run


def test_the_report_can_be_made_again(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    page = tmp_path / "pentad-out" / "report.html"
    before = page.read_text()
    page.unlink()
    assert run("report", "pentad-out").code == 0
    assert page.read_text() == before
