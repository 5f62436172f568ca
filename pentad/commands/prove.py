"""`pentad prove`: for any number of anything."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

from model.language import ModelError
from model.systems import MULTI_DEVICE
from pentad.job import begin
from pentad.options import Drop, Ids, Out, SecondOpinion, chosen, given
from pentad.terminal import counting, progress, say
from properties.conditions import Without, parse
from properties.evidence.part import Part
from properties.property import Property

if TYPE_CHECKING:
    from properties.proofs.necessity import Need  # with networkx, which `pentad --help` need not wait for


KEPT = ("--seeds", "--second-opinion", "--out")
"""Options of proofs that are kept, which mean nothing where lemmas are looked for."""


def prove_command(
    context: typer.Context,
    ids: Ids = None,
    without: Drop = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, help="Under so many seeds of the solver.")] = 1,
    second_opinion: SecondOpinion = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Look for the lemma that is missing, instead.")] = False,
    directory: Out = None,
) -> None:
    """Prove properties for any number of users, devices, lists and messages.

    \b
    Example: pentad prove L4 --without linking.confirm.linking_secret
    """
    less = parse(MULTI_DEVICE, without or [])
    properties = chosen(ids)
    if suggest:
        if wrong := [option for option in given(context) if option in KEPT]:
            raise ModelError(f"--suggest prints lemmas, by one solver, and keeps nothing; leave out {', '.join(wrong)}")
        raise typer.Exit(max(suggesting(property, less) for property in properties))
    job = begin(directory, "unbounded", weakened=bool(less))
    job.parts.append(proving(properties, less, seeds=seeds, second_opinion=second_opinion))
    job.finish()


def proving(
    properties: list[Property], without: Without = frozenset(), seeds: int = 1, second_opinion: bool = False
) -> Part:
    """Proves them, and says which conditions the proofs need unless some are left out."""
    from properties.evidence.proofs import of_proofs
    from properties.proofs.prove import prove

    began = time.monotonic()
    with progress("prove") as tell:
        proofs = prove(
            MULTI_DEVICE,
            properties,
            without=without,
            seeds=seeds,
            second_opinion=second_opinion,
            progress=counting(tell, "obligations"),
        )
    needed = [] if without else needs_of(tuple(properties))
    return of_proofs(proofs, seconds=time.monotonic() - began, without=without, needs=needed)


@cache
def needs_of(properties: tuple[Property, ...]) -> list[Need]:
    """Which conditions their proofs need: found once, for the table of proofs and for the matrix."""
    from properties.proofs.necessity import needs

    with progress("necessity") as tell:
        return needs(MULTI_DEVICE, properties, progress=counting(tell, "obligations"))


def suggesting(property: Property, without: Without = frozenset()) -> int:
    """Prints lemmas with which the proof goes through: 0 if nothing is missing, else 1."""
    from properties.proofs.suggest import suggest
    from properties.proofs.templates import source

    with progress("suggest") as tell:
        found = suggest(MULTI_DEVICE, property, progress=lambda n: tell(f"{n} clauses"), without=without)
    if not found.failing:
        say(f"{property.id}: nothing is missing, every obligation is met")
        return 0
    say(f"{property.id}: not shown: {', '.join(found.failing)}")
    if not found.candidates:
        say(f"nothing found among {found.tried} clauses; read the counterexample that prove shows")
    for candidate in found.candidates:
        say("\n".join(["", "with this lemma the proof goes through:", *source(candidate)]))
    return 1
