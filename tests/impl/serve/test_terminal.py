"""`pentad serve` as somebody sees it who sits at a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS = 40


class Terminal:
    """`pentad serve` on a terminal of its own; `seen` is everything that it has shown."""

    def __init__(self, *options: str) -> None:
        self.end, other = pty.openpty()
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pentad", "serve", "--port", "0", *options],
            cwd=Path(__file__).parents[3], stdin=other, stdout=other, stderr=other, start_new_session=True,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "140", "LINES": "50"},
        )  # fmt: skip
        os.close(other)

    def until(self, text: str) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen[-2000:]
            if select.select([self.end], [], [], 0.1)[0]:
                self.seen += os.read(self.end, 1 << 16).decode(errors="replace")

    def type(self, text: str) -> None:
        os.write(self.end, text.encode())


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


def test_it_shows_who_is_there_takes_words_and_ends_with_ctrl_c(terminal: Terminal) -> None:
    terminal.until("alice-web")
    terminal.type("sennd\x7f\x7f\x7fnd bob alice 'Are you there?'")
    terminal.until("> send bob alice 'Are you there?'▁")
    terminal.type("\r")
    terminal.until("sent as 3EB0")
    terminal.type("nonsense\r")
    terminal.until("nobody knows 'nonsense'")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.process.wait(SECONDS) == 0
