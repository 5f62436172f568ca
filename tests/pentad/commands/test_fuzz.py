"""`pentad fuzz`, shortly."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.evidence import load
from tests.pentad.said import Run


def test_a_short_campaign(run: Run, tmp_path: Path) -> None:
    said = run("fuzz", "qr", "--time", "4s")
    assert said.code == 0, said.out + said.err
    assert load(tmp_path / "pentad-out").verdict("W1", "fuzz") == "holds"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["qrr"], "no target is called 'qrr'; there are qr,"),
        (["[x]"], "no target is called '[x]'"),
        (["[/x]"], "no target is called '[/x]'"),
        (["qr", "--time", "1s"], "1 targets, 2 at a time, need at least 2 s"),
    ],
)
def test_what_cannot_be_fuzzed_is_refused_before_anything_is_printed_or_made(
    run: Run, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    said = run("fuzz", *arguments)
    assert said.complaint.startswith(complaint) and said.out == ""
    assert not list(tmp_path.iterdir())
