"""What is shown: no colour where nobody sees it, or wants it."""

from __future__ import annotations

from pathlib import Path

from tests.pentad.said import process


def test_as_a_program_it_says_its_version_and_prints_no_colour_into_a_pipe(tmp_path: Path) -> None:
    assert process("--version", cwd=tmp_path).stdout == "0.1.0\n"
    said = process("prove", "D2", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert "\x1b" not in said.stdout


def test_colour_can_be_refused(tmp_path: Path) -> None:
    green = "\x1b[32m"
    assert green in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1").stdout
    assert green not in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stdout
