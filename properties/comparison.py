"""This protocol beside the one before it: property by property, and how the old one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from model.language import System
from model.scope import Scope, sized
from model.trace import Trace
from properties.exploration.explore import explore
from properties.exploration.independence import independence
from properties.interrupts import arriving
from properties.proofs.prove import Shown, prove
from properties.property import Property

SCOPE = sized(users=1, devices=3, lists=2, messages=2)
"""The smallest with two companions, and a message of either the phone and one of these."""
WHOLE = sized(users=1, devices=2, lists=1, messages=1)
"""For what takes all states to tell."""


@dataclass(frozen=True)
class Row:
    """A property: what a proof says of either system, and what breaks it in the other.

    `trace` is a shortest way to where it fails; `depends` says which moves read what they should not.
    """

    property: Property
    verdict: Shown
    of_other: Shown
    trace: Trace | None = None
    depends: tuple[str, ...] = ()


@arriving()
def compare(
    system: System,
    other: System,
    properties: Iterable[Property],
    scope: Scope = SCOPE,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Row]:
    """A row a property, in their order."""
    properties = list(properties)
    ours, theirs = (_verdicts(each, properties, progress) for each in (system, other))
    broken = [property for property in properties if theirs[property] != "holds"]
    traces = _traces(other, scope, [property for property in broken if property.explored])
    return [
        Row(
            property,
            ours[property],
            theirs[property],
            traces.get(property),
            independence(other, scope, property).dependent if property.kind == "independent" else (),
        )
        for property in properties
    ]


def _verdicts(
    system: System, properties: Sequence[Property], progress: Callable[[int, int], None]
) -> dict[Property, Shown]:
    proofs = prove(system, properties, progress=lambda done, of, _: progress(done, of))
    return {proof.claim: proof.verdict for proof in proofs}


def _traces(system: System, scope: Scope, properties: Iterable[Property]) -> dict[Property, Trace]:
    """One search each, since a search ends where the first of its claims fails."""
    at = {property: WHOLE if property.kind == "progress" else scope for property in properties}
    found = {property: explore(system, at[property], [property]).uninterrupted() for property in properties}
    return {
        property: replace(exploration.counterexamples[0].trace, property=property.id)
        for property, exploration in found.items()
        if exploration.counterexamples
    }
