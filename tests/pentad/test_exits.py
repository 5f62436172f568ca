"""How a command line ends: with a code, and with one line for what cannot be right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pentad.exits import told
from tests.pentad.said import ROOT, Run, process, python

COME_TRUE = "whether something can always still come true"


BAD: dict[str, tuple[list[str], str]] = {
    "id": (["prove", "L44"], "no property has the id 'L44'; did you mean L4? There are: L1,"),
    "explained id": (["explain", "Q"], "no property has the id 'Q'. There are: L1,"),
    "id of a decoder": (["explain", "w1"], "W1 is about decoders: it is `pentad fuzz` that tries it"),
    "id of a limit": (["explain", "KL-2"], "KL-2 is a known limit, not a property: see `pentad list limits`"),
    "scope": (["explore", "--scope", "smal"], "no scope is named 'smal'; there are tiny,"),
    "sizes": (["explore", "--scope", "users=9"], "users=9 is out of bounds; 1 to 4 will do"),
    "condition": (
        ["prove", "--without", "linking.confirm.linkin_secret"],
        "linking.confirm has no condition 'linkin_secret'; did you mean linking_secret?",
    ),
    "no condition": (["prove", "--without", "seat_free"], "'seat_free' names no condition; write for example"),
    "action": (["explore", "--without", "linking.confrm.x"], "no action is named 'linking.confrm'; did you mean"),
    "flaw": (["conform", "--flaw", "KF-99"], "no flaw has the id 'KF-99'"),
    "explored flaw": (["explore", "--flaw", "KF-99"], "no flaw has the id 'KF-99'"),
    "flaw that is an effect": (["explore", "--flaw", "KF-22"], "KF-22 drops no condition of the model; seed it with"),
    "progress up to exchanges": (["explore", "F14", "--symmetry"], f"F14: {COME_TRUE}"),
    "progress at random": (["explore", "F14", "--swarm", "1s"], f"F14: {COME_TRUE} takes"),
    "progress on disk": (["explore", "F14", "--disk", "states"], f"F14: {COME_TRUE} is asked"),
    "adversary": (["explore", "--adversary", "N X"], "no adversary has a capability 'X'; there are N, C, M, R,"),
    "walked adversary": (["walk", "--adversary", "["], "no adversary has a capability '['; there are N,"),
    "picture": (
        ["explore", "--graph", "g.gif"],
        "a graph is drawn into a file that ends in .dot, .svg, .png, not 'g.gif'",
    ),
    "picture of orbits": (["explore", "--graph", "g.svg", "--symmetry"], "--graph draws all states as they are"),
    "target": (["fuzz", "qrr", "--time", "4s"], "no target is called 'qrr'; there are qr,"),
    "list": (["list", "propertys"], "nothing is called 'propertys'; did you mean properties?"),
    "evidence": (["report", "nowhere"], "nowhere: no evidence here; run an engine that writes into this folder"),
    "trace": (["replay", "nowhere.json"], "nowhere.json cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("arguments", "complaint"), BAD.values(), ids=BAD)
def test_a_wrong_word_is_one_line(run: Run, arguments: list[str], complaint: str) -> None:
    assert run(*arguments).complaint.startswith(complaint)


def test_what_the_system_refuses_is_told_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    needed = f"{file} is a file, and a folder is needed there; choose another place"
    assert told(FileExistsError(17, "File exists", str(file))) == needed
    assert told(NotADirectoryError(20, "Not a directory", str(file / "below" / "that"))) == needed
    assert told(FileExistsError(17, "File exists", str(tmp_path))) == f"{tmp_path}: File exists"
    assert told(FileNotFoundError(2, "No such file or directory", "x")) == "x: No such file or directory"
    assert told(OSError(28, "No space left on device")) == "No space left on device"
    assert told(OSError("image file is truncated")) == "image file is truncated"
    assert told(ConnectionError()) == "ConnectionError, and no word why"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as stdout:
        said = subprocess.run(
            [sys.executable, "-m", "pentad", "list", "actions"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (said.returncode, said.stderr) == (2, "pentad: No space left on device\n")


def test_wrong_usage_names_the_nearest_word(tmp_path: Path) -> None:
    said = process("chek", cwd=tmp_path)
    assert said.returncode == 2 and "Did you mean 'check'?" in said.stderr
    assert process("explore", "--memory", "4X", cwd=tmp_path).returncode == 2


def test_ctrl_c_says_how_far_it_came_and_exits_with_130(tmp_path: Path) -> None:
    hooked = (
        "import os, signal, sys, pentad, properties.proofs.prove as engine\n"
        "discharge = engine.Prover.discharge\n"
        "def interrupted(self, obligation):\n"
        "    if str(obligation) == 'L4 over linking.confirm': os.killpg(0, signal.SIGINT)\n"
        "    return discharge(self, obligation)\n"
        "engine.Prover.discharge = interrupted\n"
        "sys.exit(pentad.run(['prove', 'L4', 'F9']))\n"
    )
    said = python(
        "-c",
        hooked,
        cwd=tmp_path,
        timeout=60,
        start_new_session=True,  # a terminal interrupts the whole group, and here that is not pytest's
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert said.returncode == 130
    assert said.stderr.count("\n") == 1 and "pentad: interrupted; prove had covered" in said.stderr
    assert not (tmp_path / "pentad-out" / "evidence.json").exists()
