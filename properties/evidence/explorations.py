"""Explorations as evidence."""

from __future__ import annotations

import json
from dataclasses import replace

from model import adversary
from properties.conditions import Without
from properties.evidence.part import Part, assumptions_of, weakened
from properties.exploration.explore import Counterexample, Exploration
from properties.exploration.independence import Independence
from properties.exploration.progress import Pursuit
from properties.property import Property
from reports.evidence import Finding, NotChecked, Result, Run, Table

MEBIBYTE = 1 << 20


def of_exploration(
    exploration: Exploration,
    properties: list[Property],
    independences: dict[Property, Independence],
    *,
    without: Without = frozenset(),
    flaw: str | None = None,
    unable: str = "",
) -> Part:
    """A result a property at this scope; a finding for each counterexample, with its trace.

    `unable` is why a search like this one does not say whether something can always still come true.
    """
    scope = weakened(str(exploration.scope), without, adversary.told(exploration.system))
    found = {found.violation.claim: found for found in exploration.counterexamples}
    part = Part(
        runs=[
            Run(
                "explore",
                None,
                scope,
                exploration.seconds.total,
                {
                    "states": exploration.states,
                    "transitions": exploration.transitions,
                    **_kinds(exploration),
                    "depth": exploration.depth,
                    "deadlocks": exploration.deadlocks,
                    "bits a state": exploration.state_bits,
                    "MiB": exploration.memory_bytes // MEBIBYTE,
                },
                [
                    Table(
                        "Accepted moves",
                        ["action", "times"],
                        [[a, exploration.fired.get(a, 0)] for a in _actions(exploration)],
                    ),
                    Table("States by depth", ["depth", "states"], [[d, n] for d, n in enumerate(exploration.levels)]),
                ],
            )
        ],
        findings=[
            _finding(property, found[property], exploration, flaw) for property in properties if property in found
        ],
        interrupted=not exploration.complete and not found,
    )
    for property in properties:
        if property.kind == "independent":
            part.results.append(_independent(property, independences[property], scope))
        elif property.kind == "progress" and (reason := unable or _too_many(property, exploration)):
            result = _result(property, exploration, scope, violated=False)
            part.results.append(replace(result, verdict="not_checked", detail=f"{reason[0].upper()}{reason[1:]}."))
        else:
            part.results.append(_result(property, exploration, scope, property in found))
    if never := [action for action in _actions(exploration) if not exploration.fired.get(action)]:
        part.not_checked.append(
            NotChecked(f"{', '.join(never)} by explore, {scope}", "Never accepted at this scope.", "explore")
        )
    return part


def _kinds(exploration: Exploration) -> dict[str, int]:
    """What the states stand for, where interchangeable elements were taken as such."""
    if exploration.symmetry.order == 1:
        return {}
    states, transitions = exploration.stands_for
    return {"ways to exchange": exploration.symmetry.order, "for states": states, "for transitions": transitions}


def finding_id(property: Property, exploration: Exploration) -> str:
    return f"{property.id} {exploration.scope.name}"


def _actions(exploration: Exploration) -> list[str]:
    return list(exploration.system.actions)


def _result(property: Property, exploration: Exploration, scope: str, violated: bool) -> Result:
    result = Result(
        property=property.id,
        engine="explore",
        verdict="holds",
        scope=scope,
        counts={"states": exploration.states},
        seconds=0.0,
        detail=_tried(property, exploration),
        assumptions=assumptions_of(property),
    )
    if property.kind == "refusal":
        return replace(result, detail="By definition: a refused attempt is no transition of what is explored.")
    if violated:
        return replace(
            result,
            verdict="violated",
            detail="A shortest counterexample.",
            finding=finding_id(property, exploration),
        )
    if not exploration.complete:
        stopped = "at a counterexample" if exploration.counterexamples else "by hand"
        told = "it takes all states to tell" if property.kind == "progress" else "it holds as far as it came"
        covered = f"The search was stopped {stopped}, after {exploration.states:,} states"
        return replace(result, verdict="unknown", detail=f"{covered}; {told}.")
    if property not in exploration.reached:
        return replace(result, verdict="not_checked", detail="Its premise is never met at this scope.")
    return result


def _too_many(property: Property, exploration: Exploration) -> str:
    """Why it was not asked whether it can always still come true; nothing if it was, or nothing is known."""
    if not exploration.complete or property in exploration.pursuits:
        return ""
    return (
        "whether something can always still come true is asked of all states at once, and there are many: "
        f"ask for {property.id} by its id, and allow more memory"
    )


def _pursued(pursuit: Pursuit) -> str:
    """What `properties.exploration.progress` says of a claim that can always still come true."""
    found = f"It can from every reachable state, in {pursuit.open:,} of which it is not so"
    if pursuit.sought:
        return f"{found}; and does, as long as no move that counts stays possible for ever without being made."
    return f"{found}; no way to go round was looked for among so many: ask for it by its id, and allow more memory."


def _tried(property: Property, exploration: Exploration) -> str:
    if property in exploration.pursuits:
        return _pursued(exploration.pursuits[property])
    if exploration.symmetry.order == 1:
        return "Tried in every reachable state." if property.kind == "always" else "Tried on every transition."
    where = "every reachable state" if property.kind == "always" else "every transition"
    return f"Tried in {where}, up to {exploration.symmetry.described(exploration.scope)}."


def _independent(property: Property, found: Independence, scope: str) -> Result:
    result = Result(
        property=property.id,
        engine="explore",
        verdict="holds",
        scope=scope,
        counts={"moves": found.moves},
        detail="No condition or effect of these moves reads what they must not depend on.",
        assumptions=assumptions_of(property),
    )
    if found.dependent:
        # Reading is not yet depending: prove decides that.
        told = f"{len(found.dependent)} moves read it: {', '.join(found.dependent[:3])}."
        return replace(result, verdict="unknown", detail=told)
    return (
        result if found.moves else replace(result, verdict="not_checked", detail="There is no such move at this scope.")
    )


def _finding(property: Property, found: Counterexample, exploration: Exploration, flaw: str | None) -> Finding:
    trace = replace(found.trace, property=property.id, flaw=flaw)
    sorts = property.parameters.items()
    instance = [
        f"{name}={exploration.scope.names[sort][element]}"
        for (name, sort), element in zip(sorts, found.violation.instance, strict=True)
    ]
    return Finding(
        id=finding_id(property, exploration),
        engine="explore",
        property=property.id,
        title=f"{'broken' if not found.says else 'not so for ever'} after {len(found.violation.path)} moves",
        trace=json.loads(trace.dumps()),
        explanation=[property.statement, *([f"Not so for {', '.join(instance)}."] if instance else []), *found.says],
        flaw=flaw,
    )
