"""`pentad list`: properties, actions, scopes, targets, flaws and limits."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pentad.terminal import out, say
from properties.listing import LISTINGS, listing


def list_command(
    kind: Annotated[str, typer.Argument(metavar="|".join(LISTINGS))],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List what there is.

    \b
    Example: pentad list actions --json
    """
    rows = listing(kind)
    if as_json:
        say(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    table = Table(*rows[0], box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(plain(value)) for value in row.values()))
    out.print(table)


def plain(value: object) -> str:
    """A cell of a list: collections with commas between, numbers of things before them."""
    if isinstance(value, dict):
        return ", ".join(f"{number} {key}" if isinstance(number, int) else key for key, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
