"""`pentad report`: from evidence that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pentad.options import OUT
from pentad.terminal import out, say
from reports.evidence import load
from reports.folder import write
from reports.terminal import legend, summary


def report_command(directory: Annotated[Path, typer.Argument(metavar="DIR")] = OUT) -> None:
    """Make the report again from the evidence in a folder.

    \b
    Example: pentad report pentad-out
    """
    found = load(directory)
    out.print(summary(found))
    out.print(legend())
    say(f"report: {write(found, directory if directory.is_dir() else directory.parent)}")
    raise typer.Exit(found.exit_code())
