"""Stories whose processes are killed, against the same story undisturbed."""

from __future__ import annotations

import pickle
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.impl.crash.killing import Lost, Writes, in_child
from tests.impl.crash.scenario import Outcome, outcome, tell
from tests.impl.crash.world import World

RECOVERY = 97
"""Second crashes come within so many writes after the start: as long as a client makes up for what the first left."""


def story(folder: Path, *kills: int) -> tuple[Outcome, int]:
    """The whole story, each process killed at this write of its own, but for the last, which goes to the end.

    Answers with its outcome, and how many writes the last process took. Raises Lost.
    """
    for kill in kills:
        in_child(partial(_tell, folder, kill))
    in_child(partial(_tell, folder, None))
    found: tuple[Outcome, int] = pickle.loads((folder / "outcome").read_bytes())
    return found


def _tell(folder: Path, killed_at: int | None) -> None:
    writes = Writes(killed_at)
    writes.watch()
    world = World(folder)
    tell(world)
    (folder / "outcome").write_bytes(pickle.dumps((outcome(world), writes.count)))


def undisturbed() -> tuple[Outcome, int]:
    """What a story without a crash comes to, and its number of writes, each a point to be killed at."""
    with TemporaryDirectory() as folder:
        return story(Path(folder))


def damage(point: int, expected: Outcome) -> list[str]:
    """What a crash at this write leaves wrong; nothing, if all is well. Every other crash is followed by a second."""
    kills = (point, point % RECOVERY) if point % 2 else (point,)
    with TemporaryDirectory() as folder:
        try:
            found, _ = story(Path(folder), *kills)
        except Lost as lost:
            return [f"killed at {kills}: {lost}"]
    flaws = list(found.flaws)
    for name, conversation in expected.conversations.items():
        if found.conversations[name] != conversation:
            flaws.append(f"{name} has {found.conversations[name]} instead of {conversation}")
    for name, settings in expected.settings.items():
        if found.settings[name] != settings:
            flaws.append(f"{name} has {found.settings[name]} instead of {settings}")
    return [f"killed at {kills}: {flaw}" for flaw in flaws]
