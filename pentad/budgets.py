"""How far `check` goes, in full and with --quick."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """What `check` may spend; the whole must fit in six minutes on two cores."""

    scopes: tuple[str, ...]
    steps: int
    fuzz_seconds: int
    seeds: int = 1
    necessity: bool = False


IN_GROUPS = "group", "insider", "speaker"
OF_SETTINGS = "settings", "stranger"
IN_PARLOURS = "ratchet", "prekeys", "impostor", "anew", "renewed", "setback"
ON_DOORSTEPS = "typing", "guessing", "posing"
OF_POCKETS = "fading", "viewing", "ringing", "asking", "vault", "comparing"
ON_DEMAND = "demand", "begging", "pretending", "hearsay"
OF_NEWSSTANDS = "stale", "fickle", "leaving"
EXPLORED = (
    *("small", "contact", "medium"),
    *(*IN_GROUPS, *OF_SETTINGS, *OF_POCKETS, *ON_DEMAND, *IN_PARLOURS, *ON_DOORSTEPS, *OF_NEWSSTANDS),
)
FULL = Budget(scopes=EXPLORED, steps=20_000, fuzz_seconds=120, seeds=5, necessity=True)
QUICK = Budget(scopes=("tiny",), steps=2_000, fuzz_seconds=60)
