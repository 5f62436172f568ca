"""The program that typer makes of the commands."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from pentad.commands import COMMANDS
from pentad.terminal import out

app = typer.Typer(
    help="Verify and fuzz multi-device end-to-end encrypted messaging.\n\n"
    "Exit codes: 0 all that was checked holds, 1 something is violated or unknown, 2 bad usage or bad input.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def options(
    shows_version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """What can be asked of the program without a command."""
    if shows_version:
        out.print(version("pentad"))
        raise typer.Exit


for name, command in COMMANDS.items():
    app.command(name)(command)
