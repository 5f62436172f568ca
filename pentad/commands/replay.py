"""`pentad replay`: a trace, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.chart import chart
from model.scope import scope
from model.systems import MULTI_DEVICE
from pentad.options import Drop, Flaw
from pentad.terminal import say
from properties.conditions import parse


def replay_command(
    path: Annotated[Path, typer.Argument(metavar="TRACE")],
    on: Annotated[str, typer.Option("--on", metavar="model|impl", help="Who makes the steps.")] = "model",
    flaw: Flaw = None,
    without: Drop = None,
    only: Annotated[str | None, typer.Option("--only", metavar="CLIENT", help="Of a transcript, this client.")] = None,
    at: Annotated[str | None, typer.Option("--scope", metavar="NAME", help="Of a trace in ITF that has none.")] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write it again; in ITF if it ends in .itf.json.")
    ] = None,
) -> None:
    """Replay a trace, step by step, on the model or on the implementation; a transcript of `serve` is drawn.

    A trace is Pentad's own (docs/trace.md), or one of states in the Informal Trace Format of Apalache and Quint.

    \b
    Example: pentad replay pentad-out/traces/explore-D2-small.json --on impl --flaw KF-11
    """
    from impl.serve import transcript
    from impl.serve.chart import draw
    from model import itf
    from properties.replaying import replayed

    if path.is_file() and transcript.is_transcript(path):
        for line in draw(transcript.load(path), only):
            say(line)
        raise typer.Exit
    trace = itf.read(path, scope(at) if at else None)
    agrees, lines = replayed(trace, on, parse(MULTI_DEVICE, without or []), flaw)
    for line in [chart(trace), *lines]:
        say(line)
    if save is not None:
        save.write_text(itf.dumps(trace) if save.name.endswith(itf.SUFFIX) else trace.dumps(), encoding="utf-8")
        say(f"saved: {save}")
    raise typer.Exit(0 if agrees else 1)
