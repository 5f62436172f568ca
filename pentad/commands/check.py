"""`pentad check`: every engine in turn."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from model.scope import scope
from pentad.budgets import FULL, QUICK
from pentad.commands.conform import conforming
from pentad.commands.explore.search import exploring
from pentad.commands.fuzz import fuzzing
from pentad.commands.necessity import dropping, leaning, needing
from pentad.commands.prove import proving
from pentad.job import begin
from pentad.options import Out, SecondOpinion, Seed
from properties.catalogue import CATALOGUE


def check_command(
    quick: Annotated[bool, typer.Option("--quick", help="Smaller scopes and shorter runs.")] = False,
    seed: Seed = 0,
    second_opinion: SecondOpinion = False,
    directory: Out = None,
) -> None:
    """Prove, explore, show what each proof and each guard is there for, conform and fuzz in turn, then report.

    \b
    Example: pentad check --quick --out evidence-of-today
    """
    budget = QUICK if quick else FULL
    job = begin(directory, f"unbounded and {', '.join(budget.scopes)}", seed, merges=False)
    properties = list(CATALOGUE.values())
    job.add("prove", lambda: proving(properties, seeds=budget.seeds, second_opinion=second_opinion))
    for name in budget.scopes:
        job.add("explore", partial(exploring, scope(name), properties))
    if budget.necessity:
        for part in (needing, leaning, dropping):
            job.add("necessity", partial(part, properties, job.directory))
    job.add("conform", lambda: conforming(budget.steps, seed))
    job.add("fuzz", lambda: fuzzing([], budget.fuzz_seconds, seed, job.directory))
    job.finish()
