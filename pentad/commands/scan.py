"""`pentad scan`: the phone of a running `pentad serve` looks at a client."""

from __future__ import annotations

from typing import Annotated

import typer

from pentad.commands.tell import ask
from pentad.options import Port


def scan_command(
    seen: Annotated[str, typer.Argument(metavar="TEXT|PICTURE|CODE", help="What your client shows.")],
    port: Port = 7355,
) -> None:
    """Show the phone of a running `pentad serve` what your client shows.

    \b
    Example: pentad scan screenshot.png
    """
    from impl.serve.scanning import words_for

    ask(port, words_for(seen))
