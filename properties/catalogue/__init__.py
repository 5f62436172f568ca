"""The catalogue: every property by id, in the order of the report."""

from __future__ import annotations

from model.language import ModelError
from properties.catalogue import (
    appstate,
    backup,
    calls,
    devicelist,
    ephemeral,
    fanout,
    groups,
    history,
    linking,
    pairings,
    refusal,
    renewals,
    sessions,
)
from properties.property import Property
from properties.words import hint

AREAS = {
    "Linking": linking,
    "Linking by code": pairings,
    "Registering anew": renewals,
    "Device lists": devicelist,
    "Fan-out": fanout,
    "Sessions": sessions,
    "Groups": groups,
    "History": history,
    "App state": appstate,
    "Ephemeral": ephemeral,
    "Calls": calls,
    "Backup": backup,
    "Refusal": refusal,
}
BY_AREA = {area: [p for p in vars(module).values() if isinstance(p, Property)] for area, module in AREAS.items()}
CATALOGUE = {p.id: p for found in BY_AREA.values() for p in found}


ELSEWHERE = {
    "W": "is about decoders: it is `pentad fuzz` that tries it (docs/fuzzing.md)",
    "M": "is what `pentad conform` itself claims (docs/conform.md)",
    "KL-": "is a known limit, not a property: see `pentad list limits`, or docs/limits.md",
    "KF-": "is a flaw, not a property: see `pentad list flaws`, and seed it with --flaw",
}


def property_of(id: str) -> Property:
    """The property with that id; ModelError names the nearest id, and all there are, or says what else the id is of."""
    if id.upper() not in CATALOGUE:
        for prefix, what in ELSEWHERE.items():
            if id.upper().removeprefix(prefix).isdigit():
                raise ModelError(f"{id.upper()} {what}")
        raise ModelError(f"no property has the id {id!r}{hint(id.upper(), CATALOGUE)}")
    return CATALOGUE[id.upper()]


def area_of(property: Property) -> str:
    return next(area for area, found in BY_AREA.items() if property in found)
