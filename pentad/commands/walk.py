"""`pentad walk`: through the model by hand."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from model.adversary import told
from model.language import ModelError
from model.scope import scope
from pentad.options import Adversary, Drop, Flaw, facing, weakened
from pentad.terminal import out, say
from properties.catalogue import CATALOGUE


def walk_command(
    at: Annotated[str, typer.Option("--scope", metavar="NAME|SIZES", help="`pentad list scopes`.")] = "tiny",
    without: Drop = None,
    flaw: Flaw = None,
    adversary: Adversary = None,
) -> None:
    """Walk through the model by hand: see what is possible, what is refused and why, and keep the trace.

    \b
    Example: pentad walk --scope contact --without devicelist.show.not_older
    """
    from model.simulate import Simulation
    from properties.exploration.walk import Dialogue, Walk

    less, system = weakened(without, flaw), facing(adversary)
    dialogue = Dialogue(Walk(Simulation(system, scope(at), less), CATALOGUE.values()))
    if told(system):
        say(f"{scope(at)}, {told(system)}")
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
