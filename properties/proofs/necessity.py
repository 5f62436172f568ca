"""necessity: which named conditions a proof rests on. Drop each in turn and see what can no longer be shown.

A condition without which nothing fails is either dead, or a hole in the catalogue.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from model.language import Claim, System
from properties.conditions import conditions
from properties.interrupts import arriving
from properties.proofs.obligations import Obligation
from properties.proofs.prove import Prover
from properties.property import Property


@dataclass(frozen=True)
class Need:
    """Without this condition these claims are no longer shown to be inductive over its action."""

    action: str
    condition: str
    kind: str  # "when" or "require"
    claims: tuple[Claim, ...]


@arriving()
def needs(
    system: System,
    properties: Iterable[Property],
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[Need]:
    """Every condition of every action, in order, with the claims that need it: the properties and their lemmas.

    `progress` is called with the number of obligations looked at and of all.
    """
    global _job
    prover = Prover(system)
    todo = [obligation for obligation in prover.obligations.of(properties) if obligation.action]
    _job = prover, todo
    needing: dict[tuple[str, str], list[Claim]] = {}
    ignore_interrupts = (signal.signal, (signal.SIGINT, signal.SIG_IGN))
    with multiprocessing.get_context("fork").Pool(processes, *ignore_interrupts) as pool:
        needed = pool.imap(_needed_by_nth, range(len(todo)), chunksize=8)
        for number, (obligation, found) in enumerate(zip(todo, needed, strict=True), 1):
            for condition in found:
                needing.setdefault((repr(obligation.action), condition), []).append(obligation.claim)
            if progress:
                progress(number, len(todo))
    return [
        Need(action, name, kind, tuple(needing.get((action, name), ())))
        for action in system.actions
        for name, kind in conditions(system, action).items()
    ]


_job: tuple[Prover, list[Obligation]] | None = None


def _needed_by_nth(n: int) -> list[str]:
    assert _job is not None
    prover, todo = _job
    return prover.needed(todo[n])
