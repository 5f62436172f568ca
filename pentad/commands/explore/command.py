"""The options of `pentad explore`, and which way of searching they ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from model.adversary import told
from model.scope import scope
from pentad.commands.explore import together
from pentad.commands.explore.graph import drawing
from pentad.commands.explore.search import begun, exploring
from pentad.commands.explore.swarm import swarming
from pentad.commands.explore.why import explaining
from pentad.job import begin
from pentad.options import (
    OUT,
    SIZES,
    UNITS,
    Adversary,
    Drop,
    Flaw,
    Ids,
    Out,
    Seed,
    chosen,
    facing,
    given,
    quantity,
    weakened,
)
from pentad.terminal import say
from properties.exploration import sound
from properties.flaws import flaw_of

MOST_THREADS = 64


def explore_command(
    context: typer.Context,
    ids: Ids = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--scope", metavar="NAME|SIZES", help="`pentad list scopes`, or users=2,devices=4. [default: small]"
        ),
    ] = None,
    memory: Annotated[
        int, typer.Option("--memory", parser=quantity(SIZES), metavar="4G", help="Bound for the states.")
    ] = "4G",  # type: ignore[assignment]
    threads: Annotated[int, typer.Option("--threads", metavar="N", min=1, max=MOST_THREADS)] = min(
        os.cpu_count() or 1, MOST_THREADS
    ),
    symmetry: Annotated[
        bool, typer.Option("--symmetry", help="States that differ in interchangeable elements alone count as one.")
    ] = False,
    disk: Annotated[
        Path | None, typer.Option("--disk", metavar="DIR", help="Keep the states there, for scopes beyond memory.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with a search that was begun with --disk DIR.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Spread the work over a Dask cluster.")
    ] = None,
    swarm: Annotated[
        int | None,
        typer.Option("--swarm", parser=quantity(UNITS), metavar="60s", help="At random for so long, a bit a state."),
    ] = None,
    seed: Seed = 0,
    shows_why: Annotated[
        bool, typer.Option("--why", help="Show the shortest way to each premise instead, not whether it holds.")
    ] = False,
    graph: Annotated[
        Path | None, typer.Option("--graph", metavar="FILE", help="Draw the states instead, as .svg, .png or .dot.")
    ] = None,
    without: Drop = None,
    flaw: Flaw = None,
    adversary: Adversary = None,
    directory: Out = None,
) -> None:
    """Visit every state of a finite scope.

    \b
    Example: pentad explore D2 --scope small --flaw KF-11
    Example: pentad explore D2 --scope contact --flaw KF-17 --adversary "N C"
    Example: pentad explore --scope medium --disk states --memory 1G
    """
    together.check(given(context))
    less, flaw = weakened(without, flaw), flaw_of(flaw).id if flaw else None
    system, properties, where = facing(adversary), chosen(ids), scope(at or "small")
    if resume:
        system, properties, where, less, flaw, symmetry = begun(resume)
    bounds = {"threads": threads, "memory_bytes": memory, "symmetric": symmetry}
    if ids and not shows_why:
        sound.check(properties, symmetric=symmetry, disk=disk, scheduler=scheduler, swarm=bool(swarm))
    if told(system) and (graph or swarm or shows_why):
        say(f"{where}, {told(system)}")
    if graph:
        drawing(graph, system, where, less)
        return
    if swarm:
        bounds = {"seconds": swarm, "memory_bytes": memory, "symmetric": symmetry, "seed": seed}
        raise typer.Exit(swarming(system, where, properties, directory or OUT, without=less, **bounds))
    if shows_why:
        raise typer.Exit(explaining(system, where, properties, directory or OUT, without=less, **bounds))
    aimed = f"{where}, {told(system)}" if told(system) else str(where)
    job = begin(directory, aimed, weakened=bool(less or told(system)))
    folder = {"disk": resume or disk, "resume": bool(resume)}
    more = {"scheduler": scheduler, "thorough": bool(ids)}
    spill = None if disk or resume or scheduler else job.directory / f"states-{where.name}"
    job.parts.append(exploring(where, properties, less, flaw, spill, system, **bounds, **folder, **more))
    job.finish()
