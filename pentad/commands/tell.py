"""`pentad tell`: words for a running `pentad serve`."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from pentad.options import Port
from pentad.terminal import say


def tell_command(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="`pentad tell help` lists them.")],
    port: Port = 7355,
) -> None:
    """Ask something of a running `pentad serve`.

    \b
    Example: pentad tell send bob alice "Are you there?"
    """
    ask(port, shlex.join(words))


def ask(port: int, words: str) -> None:
    """Prints what the server behind this port answers to the words."""
    import asyncio

    from impl.serve.control import tell

    for line in asyncio.run(tell(port, words)):
        say(line)
