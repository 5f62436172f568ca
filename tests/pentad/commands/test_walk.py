"""`pentad walk`: words from a pipe."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.pentad.said import Run


def test_a_walk_against_a_part_of_the_adversary_says_so_and_so_does_its_trace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ok compromise\n1\nsave walk.json\n"))
    said = run("walk", "--scope", "tiny", "--adversary", "N")
    assert said.code == 0 and said.out.startswith(
        "tiny: users=1 devices=2 lists=2 messages=1 rogues=1, against N alone"
    )
    assert "      nothing\n" in said.out, "there is no copying"
    assert json.loads((tmp_path / "walk.json").read_text())["adversary"] == "N"
    assert run("replay", "walk.json").code == 0
