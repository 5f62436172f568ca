"""Lines typed into a terminal that shows something else at the same time: one key after the other, without an echo."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

ENTER, BACKSPACE, CLEAR = "\r\n", "\x7f\b", "\x15"


@asynccontextmanager
async def typing(shown: Callable[[str], None]) -> AsyncIterator[asyncio.Queue[str]]:
    """Whole lines, as long as this lasts; `shown` is told what has been typed of the next one."""
    stdin, loop = sys.stdin.fileno(), asyncio.get_running_loop()
    before = termios.tcgetattr(stdin)
    lines: asyncio.Queue[str] = asyncio.Queue()
    typed = ""

    def key() -> None:
        nonlocal typed
        for letter in os.read(stdin, 1024).decode(errors="ignore"):
            if letter in ENTER:
                lines.put_nowait(typed)
                typed = ""
            elif letter in BACKSPACE:
                typed = typed[:-1]
            elif letter == CLEAR:
                typed = ""
            elif letter.isprintable():
                typed += letter
        shown(typed)

    tty.setcbreak(stdin)
    loop.add_reader(stdin, key)
    try:
        yield lines
    finally:
        loop.remove_reader(stdin)
        termios.tcsetattr(stdin, termios.TCSADRAIN, before)
