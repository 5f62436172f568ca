"""Security codes: which are shown, and over whose keys they are."""

from __future__ import annotations

from collections.abc import Mapping

from model.codes import Codes
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Codes.show)
def show(world: World, code: str) -> None:
    world.comparisons.show(code)


@observes(Codes.shown)
def shown(world: World) -> Seen:
    return {(code,): code in world.comparisons.covered for code in world.comparisons.specs}


@observes(Codes.covers)
def covers(world: World) -> Seen:
    return {
        (code, name): name in world.comparisons.covered.get(code, ())
        for code in world.comparisons.specs
        for name in world.specs
    }
