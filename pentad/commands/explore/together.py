"""Which options of `pentad explore` mean something together."""

from __future__ import annotations

from collections.abc import Collection

from model.language import ModelError

ABOUT = ("--scope", "--without", "--flaw", "--adversary")
"""What is searched."""

ALONE: dict[str, tuple[tuple[str, ...], str]] = {
    "--resume": (
        ("--memory", "--threads", "--out"),
        "a search is resumed as it began: --resume goes with --memory, --threads and --out alone",
    ),
    "--graph": (
        ABOUT,
        "--graph draws all states as they are: it goes with --scope, --without, --flaw and --adversary alone",
    ),
    "--swarm": (
        ("ID", *ABOUT, "--memory", "--symmetry", "--seed", "--out"),
        "--swarm dives at random, in two halves, with a bit a state in memory",
    ),
    "--why": (
        ("ID", *ABOUT, "--memory", "--threads", "--symmetry", "--out"),
        "--why looks for the shortest ways with all states in memory",
    ),
    "--scheduler": (
        ("ID", *ABOUT, "--memory", "--symmetry", "--out"),
        "with --scheduler states and work are with the workers of the cluster",
    ),
}
"""What has an effect beside each way of searching; nothing else has, and why. The first that is asked for decides."""


def check(given: Collection[str]) -> None:
    """ModelError if one of these options would be of no effect beside another: it says which to leave out."""
    for way, (partners, why) in ALONE.items():
        if way in given and (wrong := [option for option in given if option not in (way, *partners)]):
            raise ModelError(f"{why}; leave out {', '.join(wrong)}")
    if "--seed" in given and "--swarm" not in given:
        raise ModelError("--seed is where random choices come from, and only --swarm makes any; leave out --seed")
