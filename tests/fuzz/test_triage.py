"""From an artifact of libFuzzer to a stored finding, also where nothing can be reproduced."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.targets import TARGETS
from fuzz.triage import Found, regression_cases, triaged

LONG = b"\x01" * 20 + b"\x02"
RAISED = ["INFO: Seed: 1", "Finding: W2: it breaks", "#9 DONE"]


def triage(tmp_path: Path, name: str, target: str, fault: str, output: list[str]) -> Found:
    artifact = tmp_path / name
    artifact.write_bytes(LONG)
    return triaged(TARGETS[target], artifact, output, fault, tmp_path / "regressions")


def test_a_crash_is_minimised_and_stored(tmp_path: Path) -> None:
    found = triage(tmp_path, "crash-0", "padding", "unchecked-padding", [])
    assert (found.property, found.input) == ("W2", b"\x02")
    assert found.what == "accepted bytes that its encoder writes as '01'"
    assert regression_cases(tmp_path / "regressions") == {found.path: "padding"}
    assert found.path.read_bytes() == found.input
    assert found.id == found.path.stem


@pytest.mark.parametrize(
    ("name", "target", "output", "property", "what"),
    [
        ("crash-0", "padding", RAISED, "W2", "it breaks"),
        ("crash-0", "padding", [], "W1", "the interpreter died"),
        ("timeout-0", "padding", [], "W1", "no answer within 5 s"),
        ("oom-0", "padding", [], "W1", "more than 1024 MiB of memory"),
        ("oom-0", "history-stream", [], "W4", "more than 1024 MiB of memory"),
    ],
)
def test_what_does_not_reproduce_is_kept_as_it_is(
    name: str, target: str, output: list[str], property: str, what: str, tmp_path: Path
) -> None:
    found = triage(tmp_path, name, target, "", output)
    assert (found.property, found.what, found.input) == (property, what, LONG)
    assert found.path.read_bytes() == LONG
