"""`pentad explain`: a property, and what its proof rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from model.systems import MULTI_DEVICE
from pentad.terminal import say
from properties.catalogue import property_of


def explain_command(id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Say what a property claims, where it comes from, and which conditions its proof needs.

    \b
    Example: pentad explain L4
    """
    from properties.explain import explain

    for line in explain(MULTI_DEVICE, property_of(id)):
        say(line)
