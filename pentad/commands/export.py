"""`pentad export`: the model in the words of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.scope import scope
from model.systems import MULTI_DEVICE
from pentad.options import OUT, Ids, chosen
from pentad.terminal import progress, say


def export_command(
    ids: Ids = None,
    to: Annotated[
        str, typer.Option("--to", metavar="promela|murphi|tla|dot|smtlib|pages", help="In whose words.")
    ] = "smtlib",
    at: Annotated[
        str, typer.Option("--scope", metavar="NAME|SIZES", help="`pentad list scopes`, or users=2,devices=4.")
    ] = "small",
    directory: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")] = OUT / "export",
) -> None:
    """Write the model down: a scope for Spin, Rumur, TLC or Graphviz, what is to be proven, or pages to read.

    \b
    Example: pentad export L4 D2 --to promela --scope tiny
    """
    from properties.exporting import OBLIGATIONS, export

    with progress(f"export to {to}"):
        written = export(to, MULTI_DEVICE, scope(at), chosen(ids), directory)
    if to == OBLIGATIONS:
        say(f"{len(written.files)} obligations in {directory}, a folder an action; unsat is a proof")
        return
    for path in written.files:
        say(str(path))
    if written.unsaid and to != "dot":
        say(f"not about states or steps, so not in it: {', '.join(p.id for p in written.unsaid)}")
