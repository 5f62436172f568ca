"""A process that kills itself at a chosen write of its stores, and whatever else a parent wants to know of a child."""

from __future__ import annotations

import os
import signal
import sqlite3
import traceback
from collections.abc import Callable
from typing import Any

WRITES = ("BEGIN", "SAVEPOINT", "CREATE", "INSERT", "UPDATE", "DELETE", "RELEASE", "ROLLBACK", "COMMIT")


class Lost(Exception):
    """A process ended otherwise than it was meant to; says where."""


class Writes:
    """Counts the writes of every store that this process opens from now on."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None
        connect = sqlite3.connect

        def watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection = connect(*args, **kwargs)
            connection.set_trace_callback(self._note)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]

    def kill_after(self, writes: int | None) -> None:
        """The process dies when it sets about the next one after so many more; not at all for None."""
        self.last = None if writes is None else self.count + writes

    def _note(self, statement: str) -> None:
        if statement.startswith(WRITES):
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1


def in_child(task: Callable[[], object]) -> bool:
    """Runs it in a process of its own; whether that came to its end, rather than being killed. Raises Lost."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            task()
            os._exit(0)
        except BaseException:
            os.write(write, traceback.format_exc()[-4000:].encode())
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        error = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if error:
        raise Lost(error)
    return os.WIFEXITED(status)
