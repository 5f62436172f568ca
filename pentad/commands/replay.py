"""`pentad replay`: a trace, step by step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from model.chart import chart
from model.language import ModelError
from model.scope import scope
from model.systems import MULTI_DEVICE
from pentad.options import Drop, Flaw, given
from pentad.terminal import say
from properties.conditions import parse


def replay_command(
    context: typer.Context,
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
    from reports.files import replace_file

    asked = [option for option in given(context) if option.startswith("-")]
    if path.is_file() and transcript.is_transcript(path):
        if wrong := [option for option in asked if option != "--only"]:
            raise ModelError(f"a transcript is drawn, and goes with --only alone; leave out {', '.join(wrong)}")
        for line in draw(transcript.load(path), only):
            say(line)
        raise typer.Exit
    if only is not None:
        raise ModelError("--only picks a client of a transcript, and this is none; leave out --only")
    if save is not None:
        check_place(save)
    trace = itf.read(path, scope(at) if at else None)
    agrees, lines = replayed(trace, on, parse(MULTI_DEVICE, without or []), flaw)
    for line in [chart(trace), *lines]:
        say(line)
    if save is not None:
        replace_file(save, itf.dumps(trace) if save.name.endswith(itf.SUFFIX) else trace.dumps())
        say(f"saved: {save}")
    raise typer.Exit(0 if agrees else 1)


def check_place(file: Path) -> None:
    """ModelError if no file can be written there: said before the work, not after it."""
    if file.is_dir():
        raise ModelError(f"{file} is a folder; say which file in it to save to")
    if not file.parent.is_dir():
        raise ModelError(f"there is no folder {file.parent} to save {file.name} in; make it, or choose another")
    if not os.access(file.parent, os.W_OK):
        raise ModelError(f"nothing can be written in {file.parent}; choose another folder to save to")
