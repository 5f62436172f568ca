"""Which searches cannot tell what: options that would make a verdict unsound together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model.language import Claim, ModelError


def unable(
    *, symmetric: bool = False, disk: Path | None = None, scheduler: str | None = None, swarm: bool = False
) -> str:
    """Why a search of this kind cannot tell whether something can always still come true; nothing if it can."""
    if swarm:
        return "whether something can always still come true takes all states, and --swarm does not visit all"
    if symmetric:
        return (
            "whether something can always still come true is not told with --symmetry: nobody has looked whether the "
            "moves that count stay the same when elements are exchanged"
        )
    if disk or scheduler:
        named = "--disk" if disk else "--scheduler"
        return (
            "whether something can always still come true is asked when all states are known, of each of them at once; "
            f"with {named} they are not in this memory"
        )
    return ""


def check(
    claims: Iterable[Claim],
    *,
    symmetric: bool = False,
    disk: Path | None = None,
    scheduler: str | None = None,
    swarm: bool = False,
) -> None:
    """ModelError if one of the claims is to come true, and a search of this kind cannot tell."""
    goals = [repr(claim) for claim in claims if claim.through]
    reason = unable(symmetric=symmetric, disk=disk, scheduler=scheduler, swarm=swarm)
    if goals and reason:
        raise ModelError(f"{', '.join(goals)}: {reason}")
