"""Processes that kill themselves at a chosen write of their stores, and others that go on from what is left."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.impl.crash.scenario import Outcome, outcome, tell
from tests.impl.crash.world import World

WRITES = ("BEGIN", "SAVEPOINT", "CREATE", "INSERT", "UPDATE", "DELETE", "RELEASE", "ROLLBACK", "COMMIT")


class Lost(Exception):
    """A process ended otherwise than it was meant to."""


class Writes:
    """Counts the writes of all stores of this process, which it kills before number `last`."""

    def __init__(self, last: int | None) -> None:
        self.count = 0
        self.last = last

    def watch(self) -> None:
        """From now on, for as long as the process lives."""
        connect = sqlite3.connect

        def watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection = connect(*args, **kwargs)
            connection.set_trace_callback(self._note)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]

    def _note(self, statement: str) -> None:
        if statement.startswith(WRITES):
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1


def run(folder: Path, killed_at: int | None) -> int:
    """The story from wherever it stopped, in this process; how many writes that took."""
    writes = Writes(killed_at)
    writes.watch()
    world = World(folder)
    tell(world)
    (folder / "outcome").write_bytes(pickle.dumps((outcome(world), writes.count)))
    return writes.count


def in_child(task: Callable[[], object]) -> int:
    """Runs it in a process of its own; answers with 0 or the signal that ended it. Raises Lost with its traceback."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            task()
            os._exit(0)
        except BaseException:
            os.write(write, traceback.format_exc()[-60_000:].encode())
            os._exit(1)
    os.close(write)
    with open(read, "rb") as pipe:
        error = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise Lost(error)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def story(folder: Path, *kills: int) -> tuple[Outcome, int]:
    """The whole story in processes that are killed at these writes of theirs, but for the last, which goes to the end.

    Answers with its outcome, and how many writes the last process took.
    """
    for kill in kills:
        in_child(partial(run, folder, kill))
    in_child(partial(run, folder, None))
    found: tuple[Outcome, int] = pickle.loads((folder / "outcome").read_bytes())
    return found
