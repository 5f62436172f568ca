"""Whole demonstrations, short ones, and how they are cut short."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from impl.demo.errors import DemoError
from impl.demo.faults import Faults
from impl.demo.run import demonstrate
from impl.demo.script import CAST, shares
from impl.demo.stage import Plan
from impl.demo.verdict import holdings

ROOT = Path(__file__).parents[3]


def test_every_message_is_there_once_whatever_is_lost_and_killed(tmp_path: Path) -> None:
    console = Console(record=True, width=120)
    plan = Plan(60, Faults(drop=0.1, duplicate=0.05, reorder=True), kill=3, seed=1)
    verdict = demonstrate(plan, tmp_path / "stores", console)
    assert verdict.sentence == "every message is exactly once on every device", console.export_text()
    assert verdict.holds and len(verdict.said) == 60
    assert all(each.held.keys() == verdict.said for each in verdict.holdings)
    with pytest.raises(DemoError, match="not empty"):
        demonstrate(plan, tmp_path / "stores", console)


def test_shares_are_dealt_out_evenly() -> None:
    dealt = shares(CAST, 100)
    assert sum(dealt.values()) == 100 and set(dealt.values()) == {14, 15}


def test_ctrl_c_leaves_no_process_and_says_what_stands(tmp_path: Path) -> None:
    stores = tmp_path / "stores"
    process = subprocess.Popen(
        [sys.executable, "-m", "pentad", "demo", "--messages", "100000", "--store", str(stores)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    while "devices write" not in process.stdout.readline():
        pass
    time.sleep(1)
    assert running(stores)
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert "cut short: interrupted" in rest and "alice-desktop" in rest
    assert not running(stores)
    assert holdings(stores, "alice").wrote


def running(stores: Path) -> list[int]:
    """Processes whose command line names the folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            argument = (folder / "cmdline").read_bytes().split(b"\0")[-2]
            if json.loads(argument)["store"].startswith(str(stores)):
                found.append(int(folder.name))
        except (OSError, ValueError, IndexError, KeyError, TypeError):
            continue
    return found
