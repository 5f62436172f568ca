"""The way of a newcomer, as docs/serve.md tells it: its commands, from an empty folder, in its order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from impl.foreign.environment import ROOT
from impl.serve.run import PORT
from tests.interop.conftest import installed

TEXT = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
BEFORE, PROGRAM, AFTER = re.split(r"^```(?:js)?\n", TEXT, flags=re.MULTILINE)
DOC = BEFORE + AFTER
COMMANDS = re.findall(r"^    \$ (.*)$", DOC, re.MULTILINE)
SHOWN = re.findall(r"^    ([^$…].*)$", DOC, re.MULTILINE)
"""What the commands print."""

PENTAD = (sys.executable, "-P", "-m", "pentad")
"""-P: not what lies in the folder where it is called."""
TIME = 60.0
OTHER_PORT = "7356"
"""In place of the port in the text: somebody may be using that one."""

ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "npm_config_prefer_offline": "true"}


class Terminal:
    """A program that runs on, and what it prints."""

    def __init__(self, command: list[str], cwd: Path, file: Path) -> None:
        self._file = file
        self._process = subprocess.Popen(
            command, cwd=cwd, env=ENVIRON, stdin=subprocess.DEVNULL, stdout=file.open("wb"), stderr=subprocess.STDOUT
        )

    @property
    def shown(self) -> str:
        return self._file.read_text(encoding="utf-8")

    def shows(self, text: str) -> None:
        deadline = time.monotonic() + TIME
        while text not in self.shown:
            assert time.monotonic() < deadline and self._process.poll() is None, f"no {text!r} in: {self.shown}"
            time.sleep(0.1)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[[list[str], Path], Terminal]]:
    opened: list[Terminal] = []

    def open_(command: list[str], cwd: Path) -> Terminal:
        opened.append(Terminal(command, cwd, tmp_path / f"terminal {len(opened)}"))
        return opened[-1]

    yield open_
    for each in reversed(opened):
        each.close()


def words(command: str) -> list[str]:
    spelled = shlex.split(command.replace(str(PORT), OTHER_PORT))
    if spelled[0] == "pentad":
        return [*PENTAD, *spelled[1:2], "--port", OTHER_PORT, *spelled[2:]]
    return spelled


def run(command: str, cwd: Path) -> str:
    done = subprocess.run(words(command), cwd=cwd, env=ENVIRON, capture_output=True, text=True, timeout=4 * TIME)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def test_from_an_empty_folder(tmp_path: Path, terminal: Callable[[list[str], Path], Terminal]) -> None:
    installed("baileys")
    serve, mkdir, copy, enter, install, start, send, said, unlink = COMMANDS
    assert (mkdir, enter) == ("mkdir hello", "cd hello")
    server = terminal(words(serve), tmp_path)
    server.shows(f"ws://127.0.0.1:{OTHER_PORT}/ws/chat")
    hello = tmp_path / "hello"
    (tmp_path / "impl").symlink_to(ROOT / "impl")
    run(mkdir, tmp_path)
    run(copy, tmp_path)
    run(install, hello)
    (hello / "hello.mjs").write_text(PROGRAM, encoding="utf-8")
    client = terminal(words(start), hello)
    client.shows("linked as 15550001001:2@s.whatsapp.net")
    client.shows("5 messages of before")
    run(send, tmp_path)
    client.shows("15550001002@s.whatsapp.net says: Are you a robot?")
    deadline = time.monotonic() + TIME
    while "alice:2 in alice: You said: Are you a robot?" not in (told := run(said, tmp_path)):
        assert time.monotonic() < deadline, told
        time.sleep(0.1)
    run(unlink, tmp_path)
    client.shows("unlinked")
    everything = server.shown + client.shown + told
    for line in SHOWN:
        assert line.replace(str(PORT), OTHER_PORT) in everything
