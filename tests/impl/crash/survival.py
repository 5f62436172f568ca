"""Stories whose processes are killed, against the same story undisturbed."""

from __future__ import annotations

import pickle
import sqlite3
from bisect import bisect_right
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from tests.impl.crash.killing import Lost, Writes, in_child
from tests.impl.crash.scenario import STEPS, Outcome, connect, outcome, tell
from tests.impl.crash.world import World

SQLITE = b"SQLite format 3"
BESIDE = ("-journal", "-wal", "-shm")
"""Files of SQLite's own: whatever they say is in the store once it is opened."""

RECOVERY = 97
"""Second crashes come within so many writes after the start: as long as a client makes up for what the first left."""


@dataclass(frozen=True)
class Undisturbed:
    """What a story without a crash comes to; `folder` holds everybody's stores as they were before each step.

    `before` counts the writes until then, `writes` all of them: each is a point to be killed at.
    """

    folder: Path
    outcome: Outcome
    before: tuple[int, ...]
    writes: int


def undisturbed(folder: Path) -> Undisturbed:
    def live() -> None:
        writes, before = Writes(), []
        world = World(folder / "world")
        opened = writes.count
        for number, step in enumerate(STEPS):
            copytree(folder / "world", folder / str(number))
            before.append(writes.count - opened)
            step(world)
            world.progress.add()
        found = Undisturbed(folder, outcome(world), tuple(before), writes.count - opened)
        (folder / "story").write_bytes(pickle.dumps(found))

    in_child(live)
    told: Undisturbed = pickle.loads((folder / "story").read_bytes())
    return told


def damage(point: int, expected: Undisturbed) -> list[str]:
    """What a crash at this write leaves wrong; nothing, if all is well. Every other crash is followed by a second.

    The story begins with the step in which the crash is: until then it goes as it always does.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            _kill(folder, point, expected)
            if point % 2:
                in_child(partial(_live, folder, _recover, point % RECOVERY))
            in_child(partial(_live, folder, _recover, None))
            found: Outcome = pickle.loads((folder / "outcome").read_bytes())
        except Lost as lost:
            return [f"killed at {point}: {lost}"]
    return [f"killed at {point}: {flaw}" for flaw in (*found.flaws, *_differences(found, expected.outcome))]


def remains(point: int, expected: Undisturbed) -> str:
    """What a crash at this write leaves behind, as a digest: where two are equal, what follows is the same.

    A story has no other memory than these files, and no chance in it: entropy and clock are theirs.
    """
    with TemporaryDirectory() as name:
        _kill(Path(name), point, expected)
        digest = sha256()
        paths = (Path(name) / "world").iterdir()
        for path in sorted(path for path in paths if not path.name.endswith(BESIDE)):
            digest.update(path.name.encode())
            if path.read_bytes().startswith(SQLITE):
                with closing(sqlite3.connect(path)) as store:
                    for statement in store.iterdump():
                        digest.update(statement.encode())
            else:
                digest.update(path.read_bytes())
        return digest.hexdigest()


def _kill(folder: Path, point: int, expected: Undisturbed) -> None:
    """Raises Lost."""
    number = bisect_right(expected.before, point) - 1
    copytree(expected.folder / str(number), folder / "world")
    in_child(partial(_live, folder, tell, point - expected.before[number]))


def _live(folder: Path, story: Callable[[World], None], killed_at: int | None) -> None:
    """A process from its start to its end, if it is not killed."""
    writes = Writes()
    world = World(folder / "world")
    writes.kill_after(killed_at)
    story(world)
    (folder / "outcome").write_bytes(pickle.dumps(outcome(world)))


def _recover(world: World) -> None:
    connect(world)
    tell(world)


def _differences(found: Outcome, expected: Outcome) -> list[str]:
    return [
        f"{name} has {have[name]} instead of {wanted[name]}"
        for have, wanted in ((found.conversations, expected.conversations), (found.settings, expected.settings))
        for name in wanted
        if have[name] != wanted[name]
    ]
