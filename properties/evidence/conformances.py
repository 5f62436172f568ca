"""Conformance runs as evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from fuzz.evidence import PROPERTIES as WIRE
from model.language import Relation, System
from model.mentioned import mentioned
from properties.catalogue import CATALOGUE
from properties.conform import Conformance
from properties.conform import Finding as Disagreement
from properties.conform.registry import OBSERVES
from properties.evidence.part import Part
from properties.proofs.obligations import Obligations
from properties.property import Property
from reports.evidence import Finding, NotChecked, PropertyInfo, Result, Run, Table

AGREES = PropertyInfo(
    "M1",
    "The implementation answers as the model does, and what can be seen of it is the model's state.",
    "the model",
    "N C P",
    "refinement",
    "Model",
)
REFERENCE = "The implementation is the reference implementation; one adversary, one step at a time."


def of_conformance(system: System, found: Conformance) -> Part:
    """A result a property, and one for the agreement itself; at most one finding, about the plainest that is broken."""
    scope = f"{', '.join(dict.fromkeys(scope.name for scope in found.scopes))}: {found.steps:,} steps"
    scope = f"{scope}, with the seeded flaw {found.flaw}" if found.flaw else scope
    agrees = Result(AGREES.id, "conform", "holds", scope, found.counts, found.seconds, "After every step.", [REFERENCE])
    changed = _changed(system, found)
    results = [agrees, *(_result(system, property, scope, changed) for property in CATALOGUE.values())]
    missing = {"M1": not found.steps, "R1": not found.coverage.refused, "F10": not found.coverage.phone_off}
    results = [_idle(result) if missing.get(result.property) else result for result in results]
    broken = list(dict.fromkeys([*found.finding.properties, AGREES.id])) if found.finding else []
    results += [Result(info.id, "conform", "violated", scope) for info in WIRE if info.id in broken]
    return Part(
        results=[_judged(result, found, broken) for result in results],
        runs=[Run("conform", found.seed, scope, found.seconds, found.counts, [_coverage(found)])],
        findings=[_finding(found.finding, broken, found.flaw)] if found.finding else [],
        not_checked=[NotChecked(gap, "It did not come up.", "conform") for gap in found.coverage.untested()],
        properties=[AGREES, *(info for info in WIRE if info.id in broken)],
        interrupted=found.interrupted,
    )


def _idle(result: Result) -> Result:
    return replace(result, verdict="not_checked", detail="No step was made that could tell.")


def _changed(system: System, found: Conformance) -> set[Relation]:
    """The relations that accepted actions write."""
    taken = [Obligations(system).taken(system.action(action)) for action in found.coverage.accepted]
    return {effect.relation for each in taken for effect in each.effects}


def _result(system: System, property: Property, scope: str, changed: set[Relation]) -> Result:
    """What steps without a disagreement say of a property: as much as can be seen of what it speaks of."""
    result = Result(property.id, "conform", "holds", scope, assumptions=[REFERENCE])
    if property.kind == "refusal":
        return replace(result, detail="What was refused, for its state or for its bytes, changed nothing to be seen.")
    if property.kind == "independent":
        if never := set(property.of) - changed:
            return replace(result, verdict="not_checked", detail=f"In these steps nothing changed {_names(never)}.")
        return replace(result, detail=f"All went on as the model says, whatever there was of {_names(property.of)}.")
    if property.kind == "progress":
        return replace(result, verdict="not_checked", detail="What can still happen is for prove and explore to say.")
    after = system.state(prime="'") if property.about == "step" else None
    spoken_of = mentioned(property.formula(system.state(), after), system) & set(system.mutable)
    hidden = spoken_of - OBSERVES.keys()
    if hidden == spoken_of:
        return replace(result, verdict="not_checked", detail=f"Nothing can be seen of {_names(hidden)}.")
    if still := spoken_of - changed:
        return replace(result, verdict="not_checked", detail=f"In these steps nothing changed {_names(still)}.")
    unseen = f", but for {_names(hidden)}, of which nothing can be seen" if hidden else ""
    return replace(result, detail=f"All that it speaks of was as in the model{unseen}.")


def _names(relations: Iterable[Relation]) -> str:
    return ", ".join(sorted(map(repr, relations)))


def _judged(result: Result, found: Conformance, broken: list[str]) -> Result:
    """The same result, knowing how the run ended."""
    if result.property in broken:
        return replace(result, verdict="violated", detail="The implementation breaks it.", finding=broken[0])
    if result.verdict == "holds" and (found.finding or found.interrupted):
        why = f"a disagreement that breaks {broken[0]}" if found.finding else "hand"
        return replace(result, verdict="unknown", detail=f"Stopped by {why}; until then the two agreed.")
    return result


def _coverage(found: Conformance) -> Table:
    return Table(
        "Actions accepted, and guards broken alone",
        ["action", "guard", "accepted", "broken by the state", "broken by bytes"],
        [list(row) for row in found.coverage.rows()],
    )


def _finding(disagreement: Disagreement, broken: list[str], flaw: str | None) -> Finding:
    also = [f"It breaks {', '.join(broken[1:])} too."] if broken[1:] else []
    return Finding(
        id=broken[0],
        engine="conform",
        property=broken[0],
        title=disagreement.lines[0],
        trace=json.loads(replace(disagreement.trace, property=broken[0]).dumps()),
        explanation=[*disagreement.lines[1:], *also],
        flaw=flaw,
    )
