"""`--swarm`: scopes beyond exhaustion, at random."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.language import System
from model.scope import Scope
from pentad.terminal import progress, say
from properties.property import Property


def swarming(system: System, at: Scope, properties: list[Property], directory: Path, **bounds: Any) -> int:
    """Says what a search at random has seen: 1 with a counterexample, kept in the folder `swarm`, else 0."""
    from properties.exploration.swarm import swarm

    claims = [p for p in properties if p.stated]
    with progress(f"swarm {at.name}") as tell:
        found = swarm(system, at, claims, progress=lambda now: tell(f"{now.states:,} states"), **bounds)
    one, other = found.halves
    say(f"{found.states:,} states in {found.dives:,} dives, {found.transitions:,} accepted moves")
    say(f"two halves saw {one:,} and {other:,}, both {found.both:,}: there are at least {found.at_least:,}")
    say(f"so at most {found.coverage:.1%} was seen; about {found.mistaken:,.1f} at most were taken for others")
    for counterexample in found.counterexamples:
        property = next(p for p in claims if p is counterexample.violation.claim)
        folder = directory / "swarm"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{property.id}-{at.name}.json"
        counterexample.trace.save(path)
        say(f"{property.id} is broken, by a way that need not be the shortest: {path}")
    if not found.counterexamples:
        say("nothing is broken as far as that goes, which shows nothing of the rest")
    return int(bool(found.counterexamples))
