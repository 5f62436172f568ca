"""What there is: properties, actions, scopes, fuzz targets, seeded flaws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from impl.flaws import GALLERY
from model.language import ModelError
from model.scope import SCOPES, WALKED
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE, area_of
from properties.conditions import conditions
from properties.flaws import DROPPED, TAKES
from properties.limits import LIMITS
from properties.words import hint

Rows = list[dict[str, Any]]  # plain data, the same keys in every row


def listing(kind: str) -> Rows:
    """All there is of a kind. ModelError lists the kinds."""
    if kind not in LISTINGS:
        raise ModelError(f"nothing is called {kind!r}{hint(kind, LISTINGS)}")
    return LISTINGS[kind]()


def properties() -> Rows:
    return [
        {
            "id": p.id,
            "statement": p.statement,
            "kind": p.kind,
            "area": area_of(p),
            "against": p.against,
            "source": p.source,
        }
        for p in CATALOGUE.values()
    ]


def actions() -> Rows:
    return [
        {
            "action": name,
            "sentence": action.sentence,
            "parameters": {parameter: sort.__name__ for parameter, sort in action.parameters.items()},
            "conditions": dict(conditions(MULTI_DEVICE, name)),
        }
        for name, action in MULTI_DEVICE.actions.items()
    ]


def scopes() -> Rows:
    return [
        {
            "scope": name,
            "for": "conform" if name in WALKED else "explore",
            "elements": {s.__name__: len(names) for s, names in scope.names.items() if names and not s.fixed_size},
        }
        for name, scope in SCOPES.items()
    ]


def targets() -> Rows:
    from fuzz.targets import TARGETS  # here, because every other command does without the decoders

    return [{"target": target.name, "properties": list(target.properties)} for target in TARGETS.values()]


def flaws() -> Rows:
    return [
        {
            "id": flaw.id,
            "change": flaw.change,
            "breaks": list(flaw.breaks),
            "drops": [f"{action}.{condition}" for action, condition in DROPPED.get(flaw.id, ())],
            "takes": list(TAKES[flaw.id][1]) or ["nobody"] if flaw.id in TAKES else [],
            "source": flaw.source,
        }
        for flaw in GALLERY.values()
    ]


def limits() -> Rows:
    return [
        {
            "id": limit.id,
            "claim that fails": limit.claim.statement,
            "scope": limit.scope,
            "holds if": limit.assumes,
            "source": limit.claim.source,
        }
        for limit in LIMITS.values()
    ]


LISTINGS: dict[str, Callable[[], Rows]] = {
    "properties": properties,
    "actions": actions,
    "scopes": scopes,
    "targets": targets,
    "flaws": flaws,
    "limits": limits,
}
