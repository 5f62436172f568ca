"""`pentad necessity`: that proofs are of something, and of what they need."""

from __future__ import annotations

import time
from pathlib import Path

from model.systems import MULTI_DEVICE
from pentad.commands.prove import needs_of
from pentad.job import begin
from pentad.options import Ids, Out, chosen
from pentad.terminal import counting, progress
from properties.evidence.part import Part
from properties.property import Property


def necessity_command(ids: Ids = None, directory: Out = None) -> None:
    """Show that proofs are not empty, and what each of them needs: which lemmas, and which guards.

    \b
    Example: pentad necessity L4
    """
    job = begin(directory, "unbounded")
    properties = chosen(ids)
    job.parts.append(needing(properties, job.directory))
    job.parts.append(leaning(properties, job.directory))
    job.parts.append(dropping(properties, job.directory))
    job.finish()


def needing(properties: list[Property], directory: Path) -> Part:
    """Its traces go into the folder `reached` beside the evidence."""
    from properties.evidence.necessities import of_vacuity, traces
    from properties.proofs import vacuity

    began, claims = time.monotonic(), vacuity.claims_of(properties)
    with progress("necessity") as tell:
        reached = vacuity.reach(
            MULTI_DEVICE, claims, lambda at, n, of: tell(f"{n} of {of} reached, now at {at}", n, of)
        )
    folder = directory / "reached"
    folder.mkdir(exist_ok=True)
    for name, trace in traces(reached).items():
        trace.save(folder / f"{name}.json")
    consistent = list(vacuity.consistent(MULTI_DEVICE, claims, reached))
    return of_vacuity(properties, reached, consistent, time.monotonic() - began)


def leaning(properties: list[Property], directory: Path) -> Part:
    """The graph goes into `lemmas.dot` beside the evidence."""
    from properties.evidence.necessities import of_leanings
    from properties.proofs.leaning import dot, leanings

    began = time.monotonic()
    with progress("lemmas"):
        found = leanings(MULTI_DEVICE, properties)
    (directory / "lemmas.dot").write_text(dot(found, properties), encoding="utf-8")
    return of_leanings(found, time.monotonic() - began)


def dropping(properties: list[Property], directory: Path) -> Part:
    """The traces go into the folder `necessity` beside the evidence: each replays without its guard."""
    from properties.evidence.necessities import of_matrix
    from properties.proofs.matrix import matrix

    began, folder = time.monotonic(), directory / "necessity"
    folder.mkdir(exist_ok=True)
    needed = needs_of(tuple(properties))
    with progress("matrix") as tell:
        found = matrix(MULTI_DEVICE, properties, needed, counting(tell, "guards"))
    for row in found.rows:
        for id, trace in row.traces.items():
            trace.save(folder / f"{row.name}.{id}.json")
    return of_matrix(properties, found, time.monotonic() - began)
