"""`pentad fuzz`: the decoders that attacker bytes reach."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pentad.job import begin
from pentad.options import UNITS, Out, Seed, quantity
from pentad.terminal import progress
from properties.evidence.part import Part


def fuzz_command(
    targets: Annotated[list[str] | None, typer.Argument(metavar="TARGET", help="`pentad list targets`.")] = None,
    seconds: Annotated[
        int, typer.Option("--time", parser=quantity(UNITS), metavar="60s", help="How long to fuzz.")
    ] = "60s",  # type: ignore[assignment]
    seed: Seed = 0,
    directory: Out = None,
) -> None:
    """Fuzz the decoders that attacker bytes reach.

    \b
    Example: pentad fuzz qr history-blob --time 2m
    """
    from fuzz.campaign import ready

    ready(targets or [], seconds)  # before there is a folder
    job = begin(directory, f"{', '.join(targets or ['all decoders'])}, {seconds} s", seed)
    job.parts.append(fuzzing(targets or [], seconds, seed, job.directory))
    job.finish()


def fuzzing(targets: list[str], seconds: int, seed: int, directory: Path) -> Part:
    """A campaign over these targets, all if none is named; what crashes goes into the folder."""
    from fuzz.campaign import run
    from fuzz.evidence import evidence
    from fuzz.libfuzzer import TargetRun

    def tell_of(now: TargetRun) -> None:
        tell(f"{now.target}: {now.inputs:,} inputs, {now.edges:,} edges", time.monotonic() - began, seconds)

    began = time.monotonic()
    with progress("fuzz") as tell:
        campaign = run(targets, seconds, seed, directory, tell_of)
    found = evidence(campaign)
    return Part(found.results, found.runs, found.findings, found.not_checked, found.properties, campaign.interrupted)
