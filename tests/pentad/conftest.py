"""Command lines are run in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import pentad
from tests.pentad.said import Run, Said


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Said:
        code = pentad.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return command
