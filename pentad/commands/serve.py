"""`pentad serve`: the server for anybody's client. `scan` and `tell` speak to it while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pentad.options import Port
from pentad.terminal import banner, out


def serve_command(
    port: Port = 7355,
    auto: Annotated[bool, typer.Option("--auto", help="The phone links every client that posts its QR.")] = False,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", metavar="FILE", help="Every stanza, a line of JSON each.")
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="And what our devices read, in the clear, with --transcript.")
    ] = False,
    tcp: Annotated[
        int | None, typer.Option("--tcp", metavar="PORT", min=0, max=65535, help="For clients without WebSocket.")
    ] = None,
) -> None:
    """Be the server for a client of yours: with a phone that links it, companions and contacts behind it.

    \b
    Example: pentad serve --transcript today.jsonl
    """
    from impl.serve.run import Plan, serve

    if record and transcript is None:
        raise typer.BadParameter("--record writes into the transcript; name one with --transcript FILE")
    banner()
    serve(Plan(port, auto, transcript, record, tcp), out)
