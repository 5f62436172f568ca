"""What is shown: no colour where nobody sees it, or wants it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from pentad import terminal
from tests.pentad.said import Run, process


def test_as_a_program_it_says_its_version_and_prints_no_colour_into_a_pipe(tmp_path: Path) -> None:
    assert process("--version", cwd=tmp_path).stdout == "0.1.0\n"
    said = process("prove", "D2", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert "\x1b" not in said.stdout


def test_colour_can_be_refused(tmp_path: Path) -> None:
    green = "\x1b[32m"
    assert green in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1").stdout
    assert green not in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_brackets_in_what_somebody_has_typed_are_no_markup(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.banner("scope [x]", "[/x]")
    assert capsys.readouterr().out.endswith(", scope [x], [/x]\n")
    shown = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=shown, force_terminal=True, width=80))
    with terminal.progress("export to [/x]") as tell:
        tell("[/y]")
    assert "export to [/x]" in shown.getvalue() and "[/y]" in shown.getvalue()
    said = run("compare", "L7", "--out", "[/x]")
    assert said.code == 0 and "[/x]/compare" in said.out
