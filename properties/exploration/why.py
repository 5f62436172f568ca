"""The shortest way to where a property says something: that its premise can be met, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from model.language import Claim, System
from model.scope import Scope
from model.trace import Trace
from properties.exploration.explore import Counterexample, explore
from properties.proofs.vacuity import goals


@dataclass(frozen=True)
class Way:
    """How the premise of a claim is met: a shortest trace, None if it is met nowhere at the scope.

    A claim that is not `premised` says something of every state (or step).
    """

    claim: Claim
    premised: bool
    trace: Trace | None


def why(system: System, scope: Scope, claims: Iterable[Claim], **options: Any) -> list[Way]:
    """A way for each claim, all in one pass; `options` are those of `explore`.

    KeyboardInterrupt if it was cut short before each had its way.
    """
    premises = {claim: [goal for goal in goals(system, [claim]) if goal.kind == "premise"] for claim in claims}
    asked = [goal for found in premises.values() for goal in found]
    shown: tuple[Counterexample, ...] = ()
    if asked:
        found = explore(system, scope, asked, stop_at_first=False, until_all=True, **options)
        shown = found.uninterrupted().counterexamples
    traces = {counterexample.violation.claim: counterexample.trace for counterexample in shown}
    return [Way(claim, bool(goal), traces.get(goal[0]) if goal else None) for claim, goal in premises.items()]
