"""`pentad conform`: the model and the implementation side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from model.systems import MULTI_DEVICE
from pentad.budgets import FULL
from pentad.job import begin
from pentad.options import Flaw, Out, Seed
from pentad.terminal import progress
from properties.evidence.part import Part
from properties.flaws import flaw_of


def conform_command(
    flaw: Flaw = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="How many attempts to make.")] = FULL.steps,
    seed: Seed = 0,
    directory: Out = None,
) -> None:
    """Drive model and implementation side by side, under attack.

    \b
    Example: pentad conform --flaw KF-11 --steps 5000
    """
    seeded = flaw_of(flaw).id if flaw else None
    job = begin(directory, f"{steps:,} steps", seed, weakened=bool(flaw))
    job.parts.append(conforming(steps, seed, seeded))
    job.finish(tables=True)


def conforming(steps: int, seed: int, flaw: str | None = None) -> Part:
    """So many attempts, with a flaw seeded into the implementation if one is named."""
    from properties.conform import conform
    from properties.evidence.conformances import of_conformance

    with progress("conform") as tell:
        found = conform(
            steps=steps, seed=seed, flaw=flaw, progress=lambda n: tell(f"{n:,} of {steps:,} steps", n, steps)
        )
    return of_conformance(MULTI_DEVICE, found)
