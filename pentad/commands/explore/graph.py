"""`--graph`: the states as a picture, instead of verdicts."""

from __future__ import annotations

from pathlib import Path

from model.language import System
from model.scope import Scope
from pentad.terminal import progress, say
from properties.conditions import Without


def drawing(path: Path, system: System, at: Scope, without: Without) -> None:
    """Draws the states that are reached, and says how many those are."""
    from properties.exploration.picture import picture

    with progress(f"draw {at.name}"):
        found = picture(path, system, at, without)
    say(f"{path}: {len(found.changes):,} states, {len(found.moves):,} moves that change something")
