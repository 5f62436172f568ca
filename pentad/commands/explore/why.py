"""`--why`: the ways to the premises, instead of verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.chart import chart
from model.language import System
from model.scope import Scope
from pentad.terminal import progress, say
from properties.property import Property


def explaining(system: System, at: Scope, properties: list[Property], directory: Path, **options: Any) -> int:
    """Prints a shortest way to every premise, and keeps it in the folder `why`: 0 if all are met, else 1."""
    from properties.exploration.why import why

    claims = [p for p in properties if p.explored]
    folder = directory / "why"
    folder.mkdir(parents=True, exist_ok=True)
    with progress(f"explore {at.name}") as tell:
        ways = why(system, at, claims, progress=lambda now: tell(f"{now.states:,} states"), **options)
    for property, way in zip(claims, ways, strict=True):
        say(f"{property.id} {property.statement}")
        if not way.premised:
            say("  says something of every state")
        elif way.trace is None:
            say(f"  its premise is never met at scope {at.name}")
        else:
            path = folder / f"{property.id}-{at.name}.json"
            way.trace.save(path)
            say(f"{chart(way.trace)}  kept in {path}")
    return int(any(way.premised and way.trace is None for way in ways))
