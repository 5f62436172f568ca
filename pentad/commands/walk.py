"""`pentad walk`: through the model by hand."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from model.language import ModelError
from model.scope import scope
from model.systems import MULTI_DEVICE
from pentad.options import Drop, Flaw, weakened
from pentad.terminal import out, say
from properties.catalogue import CATALOGUE


def walk_command(
    at: Annotated[str, typer.Option("--scope", metavar="NAME|SIZES", help="`pentad list scopes`.")] = "tiny",
    without: Drop = None,
    flaw: Flaw = None,
) -> None:
    """Walk through the model by hand: see what is possible, what is refused and why, and keep the trace.

    \b
    Example: pentad walk --scope contact --without devicelist.show.not_older
    """
    from model.simulate import Simulation
    from properties.walk import Dialogue, Walk

    less = weakened(without, flaw)
    dialogue = Dialogue(Walk(Simulation(MULTI_DEVICE, scope(at), less), CATALOGUE.values()))
    say("\n".join(dialogue.shown()))
    while not dialogue.over:
        try:
            line = out.input("> ") if sys.stdin.isatty() else input()
        except (EOFError, KeyboardInterrupt):
            break
        try:
            lines = dialogue.said(line) if line.strip() else dialogue.shown()
        except ModelError as error:
            lines = [str(error)]
        except OSError as error:
            lines = [f"{error.filename}: {error.strerror}"]
        say("\n".join(lines))
