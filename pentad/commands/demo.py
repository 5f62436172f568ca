"""`pentad demo`: devices and a server as processes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pentad.options import UNITS, Seed, quantity
from pentad.terminal import banner, out


def demo_command(
    messages: Annotated[int, typer.Option("--messages", min=1, help="How many are said in all.")] = 200,
    drop: Annotated[
        float | None, typer.Option("--drop", metavar="SHARE", help="Frames that the network loses; 0.1 if not given.")
    ] = None,
    duplicate: Annotated[
        float | None, typer.Option("--duplicate", metavar="SHARE", help="Frames that come twice; 0.05 if not given.")
    ] = None,
    reorder: Annotated[bool, typer.Option("--reorder", help="Some frames overtake others.")] = False,
    kill: Annotated[
        int | None, typer.Option("--kill", parser=quantity(UNITS), metavar="5s", help="Kill a process that often.")
    ] = None,
    cut: Annotated[
        int | None, typer.Option("--cut", parser=quantity(UNITS), metavar="2s", help="Cut a connection that often.")
    ] = None,
    wire: Annotated[
        bool, typer.Option("--wire", help="Speak stanzas over WebSocket and Noise, where frames have no faults.")
    ] = False,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", metavar="FILE", help="Every stanza of --wire, a line of JSON each.")
    ] = None,
    seed: Seed = 0,
    store: Annotated[Path | None, typer.Option("--store", metavar="DIR", help="Where the stores stay.")] = None,
) -> None:
    """Show a phone, four companions, a contact and a server as processes, on a network that loses what it can.

    \b
    Example: pentad demo --messages 1000 --reorder --kill 5s
    Example: pentad demo --wire --cut 2s --kill 5s --transcript demo.jsonl
    """
    from impl.demo.faults import Faults
    from impl.demo.run import demonstrate
    from impl.demo.stage import Plan

    usual = Faults() if wire else Faults(drop=0.1, duplicate=0.05)
    faults = Faults(usual.drop if drop is None else drop, usual.duplicate if duplicate is None else duplicate, reorder)
    plan = Plan(messages, faults, kill, seed, cut, wire, transcript)
    banner(f"{messages:,} messages", f"seed {seed}")
    raise typer.Exit(0 if demonstrate(plan, store, out).holds else 1)
