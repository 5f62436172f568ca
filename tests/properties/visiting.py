"""Every state of some scopes: how many there are, and what happened and was met in any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import Exploration, explore

STATED = [p for p in CATALOGUE.values() if p.stated]


@dataclass(frozen=True)
class Visited:
    """By scope: states, transitions, depth and deadlocks. Of all: actions, and ids of properties that said something.

    `sound` is whether each search was complete and broke nothing.
    """

    counts: dict[str, tuple[int, int, int, int]]
    happened: set[str]
    reached: set[str]
    sound: bool


def visited(names: Iterable[str]) -> Visited:
    found = {name: explore(MULTI_DEVICE, scope(name), STATED) for name in names}
    return Visited(
        {name: (each.states, each.transitions, each.depth, each.deadlocks) for name, each in found.items()},
        {action for each in found.values() for action, times in each.fired.items() if times},
        {claim.id for each in found.values() for claim in STATED if claim in each.reached},
        all(each.complete and not each.counterexamples for each in found.values()),
    )


def actions_of(*modules: str) -> set[str]:
    return {action for action in MULTI_DEVICE.actions if action.partition(".")[0] in modules}


def cut_short() -> Exploration:
    """A search that somebody has interrupted before it found anything."""
    return replace(explore(MULTI_DEVICE, scope("tiny")), interrupted=True)
