"""What libFuzzer's output says, blindness included."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.errors import FuzzError
from fuzz.libfuzzer import ROOT, TargetRun, environment

RUN = TargetRun("qr", seeds=8)


def test_status_lines_are_read() -> None:
    run = RUN.after("#9\tINITED cov: 12 ft: 16 corp: 2/283b exec/s: 0 rss: 59Mb\n")
    run = run.after("#27\tNEW    cov: 13 ft: 18 corp: 3/300b lim: 600 exec/s: 0 rss: 60Mb L: 17/180 MS: 1 Custom-\n")
    assert run == TargetRun("qr", 8, inputs=27, edges=13, features=18, corpus=3)
    assert run.after("INFO: Seed: 1\n") is run
    assert run.after("#4096\tDONE   cov: 14 ft: 20 corp: 4/300b lim: 600 exec/s: 99 rss: 60Mb\n").inputs == 4096


@pytest.mark.parametrize(
    "line",
    ["#9\tINITED exec/s: 0 rss: 59Mb\n", "#9\tINITED cov: 1 ft: 1 corp: 1/141b exec/s: 0 rss: 59Mb\n"],
    ids=["no coverage", "none beyond the first seed"],
)
def test_blind_coverage_is_an_error(line: str) -> None:
    with pytest.raises(FuzzError, match="qr: coverage does not grow beyond the first of 8 seeds"):
        RUN.after(line)


def test_decoders_imported_too_early_are_named(tmp_path: Path) -> None:
    program = "import impl.wire.qr; from fuzz.child import main; main('qr', '', '.')"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == "impl was imported before instrumentation, so that its coverage cannot be seen\n"


def test_children_run_this_very_tree() -> None:
    assert Path(__file__).resolve().is_relative_to(ROOT)
