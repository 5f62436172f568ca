"""The options and arguments that several commands take, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperArgument

from model.adversary import against
from model.language import System
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE, property_of
from properties.conditions import Without, parse
from properties.flaws import dropped
from properties.property import Property

OUT = Path("pentad-out")
UNITS = {"s": 1, "m": 60, "h": 3600}
SIZES = {"M": 1 << 20, "G": 1 << 30}


def quantity(units: dict[str, int]) -> Callable[[str], int]:
    """Reads `60s` or `4G`; a bare number counts in the first of the units."""

    def read(text: str) -> int:
        number, unit = (text[:-1], text[-1]) if text[-1:] in units else (text, next(iter(units)))
        if not number.isdigit() or not int(number):
            raise typer.BadParameter(f"{text!r} is no quantity; write for example 60{next(iter(units))}")
        return int(number) * units[unit]

    return read


Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Properties; all if none is given.")]
Drop = Annotated[
    list[str] | None, typer.Option("--without", metavar="ACTION.GUARD", help="Drop a condition; may be repeated.")
]
Flaw = Annotated[str | None, typer.Option("--flaw", metavar="KF-xx", help="Seed a published flaw.")]
Adversary = Annotated[
    str | None,
    typer.Option(
        "--adversary", metavar="LETTERS", help="Who can do this alone, of N C M R P A B; all of it if not given."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Where random choices come from.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help=f"Where evidence and report go; {OUT}/ if not given.")
]
SecondOpinion = Annotated[bool, typer.Option("--second-opinion", help="Ask cvc5 too.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Of 127.0.0.1; 0 is any that is free.")]


def given(context: typer.Context) -> list[str]:
    """What stands on the command line, in the order of its help: options by their names, arguments by their metavar."""
    return [
        str(parameter.metavar if isinstance(parameter, TyperArgument) else max(parameter.opts, key=len))
        for parameter in context.command.params
        if (source := context.get_parameter_source(str(parameter.name))) and source.name == "COMMANDLINE"
    ]


def chosen(ids: list[str] | None) -> list[Property]:
    """The properties of these ids, all if none is given."""
    return [property_of(id) for id in ids] if ids else list(CATALOGUE.values())


def facing(letters: str | None) -> System:
    """The protocol against an adversary that has these capabilities alone, all if none is named."""
    return MULTI_DEVICE if letters is None else against(letters)


def weakened(without: list[str] | None, flaw: str | None) -> Without:
    """The conditions that are left out of the model, one by one or with a flaw."""
    return parse(MULTI_DEVICE, without or []) | (dropped(flaw) if flaw else frozenset())
