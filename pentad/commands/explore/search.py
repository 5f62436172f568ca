"""Every state is visited: in memory, on disk, or with the workers of a cluster."""

from __future__ import annotations

import shlex
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from model import adversary
from model.language import System
from model.scope import Scope
from model.systems import MULTI_DEVICE
from pentad.terminal import progress, remark
from properties.catalogue import CATALOGUE
from properties.conditions import Without
from properties.evidence.part import Part
from properties.exploration import sound
from properties.property import Property


def exploring(
    at: Scope,
    properties: list[Property],
    without: Without = frozenset(),
    flaw: str | None = None,
    spill: Path | None = None,
    system: System = MULTI_DEVICE,
    **bounds: Any,
) -> Part:
    """With a folder to `spill` into, what turns out not to fit in memory is searched there instead."""
    from properties.evidence.explorations import of_exploration
    from properties.exploration.disk import FILE as CHECKPOINT
    from properties.exploration.explore import OutOfMemory, ScopeTooLarge, explore
    from properties.exploration.explore import Progress as SearchProgress
    from properties.exploration.independence import independence

    def tell_of(now: SearchProgress) -> None:
        waiting = f"{now.frontier:,} waiting, {now.states_per_second:,.0f} states/s"
        growing = f", most by {now.grows_by}" if now.grows_by else ""
        tell(f"{now.states:,} states, depth {now.depth}, {waiting}{growing}")

    search = partial(explore, system, at, without=without, flaw=flaw, progress=tell_of)
    claims, unable = asked(properties, **bounds)
    with progress(f"explore {at.name}") as tell:
        try:
            found = search(claims, **bounds)
        except OutOfMemory as error:
            if spill is None:
                raise
            if not error.begun:
                again = shlex.join(["pentad", *sys.argv[1:], "--disk", str(spill)])
                raise ScopeTooLarge(f"{error}; on disk it is: {again}") from None
            if bounds["thorough"]:
                sound.check(claims, disk=spill)
            bounds["disk"] = spill
            told, _, _ = str(error).partition("; ")
            remark(f"{told}; so it begins again, and the states are kept in {spill} meanwhile")
            claims, unable = asked(properties, **bounds)
            found = search(claims, **bounds)
            if found.complete or found.counterexamples or not (spill / CHECKPOINT).exists():
                shutil.rmtree(spill)
            else:
                remark(f"interrupted; it goes on with: {shlex.join(['pentad', 'explore', '--resume', str(spill)])}")
    independent = {p: independence(system, at, p, without) for p in properties if p.kind == "independent"}
    return of_exploration(found, properties, independent, without=without, flaw=flaw, unable=unable)


def asked(
    properties: list[Property],
    symmetric: bool = False,
    disk: Path | None = None,
    scheduler: str | None = None,
    **_: Any,
) -> tuple[list[Property], str]:
    """The properties that such a search can be asked for, and why it cannot be for others."""
    unable = sound.unable(symmetric=symmetric, disk=disk, scheduler=scheduler)
    return [p for p in properties if p.stated or (p.explored and not unable)], unable


def begun(folder: Path) -> tuple[System, list[Property], Scope, Without, str | None, bool]:
    """What the search in a folder is about: system, properties, scope, what is dropped, by which flaw, and symmetry."""
    from properties.exploration.disk import question_in

    asked = question_in(folder)
    properties = [p for p in CATALOGUE.values() if p.name in asked["claims"]]
    system, less = adversary.from_json(asked), frozenset(map(tuple, asked["without"]))
    return system, properties, Scope.from_json(asked["scope"]), less, asked.get("flaw"), asked["symmetry"]
