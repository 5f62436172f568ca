"""`pentad export`: files in the words of others."""

from __future__ import annotations

from pathlib import Path

from tests.pentad.said import Run


def test_obligations_can_be_exported(run: Run, tmp_path: Path) -> None:
    assert run("export", "L6", "--to", "smtlib", "--out", tmp_path / "scripts").code == 0
    assert (tmp_path / "scripts" / "linking.scan" / "L6.smt2").read_text().endswith("(check-sat)\n")


def test_a_scope_can_be_exported_for_others_to_check(run: Run, tmp_path: Path) -> None:
    said = run("export", "L4", "F10", "--to", "murphi", "--scope", "tiny")
    assert said.code == 0
    assert said.out.splitlines() == [
        "pentad-out/export/multi_device_tiny.m",
        "not about states or steps, so not in it: F10",
    ]
    assert 'invariant "L4: ' in (tmp_path / "pentad-out" / "export" / "multi_device_tiny.m").read_text()


def test_what_cannot_be_exported_is_one_line(run: Run) -> None:
    assert run("export", "--to", "cobol").complaint.startswith(
        "nothing is exported to 'cobol'; there are promela, murphi, tla, dot, smtlib"
    )
    assert "too many to draw" in run("export", "--to", "dot", "--scope", "tiny").complaint
