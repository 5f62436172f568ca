"""What goes with which action and which relation: `@performs`, `@violates`, `@observes`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model.language import Action, ModelError, Relation
from model.systems import MULTI_DEVICE
from properties.conditions import guards
from properties.conform.world import World

Performance = Callable[..., None]
Observation = Callable[[World], Mapping[tuple[str, ...], bool | str]]


@dataclass(frozen=True)
class Violation:
    """Bytes that break one guard of an action and nothing else. `breaks` is the property that the guard protects."""

    action: Action
    guard: str
    breaks: str
    make: Callable[..., bool | None]
    refusals: frozenset[str]


PERFORMS: dict[Action, Performance] = {}
VIOLATES: dict[tuple[Action, str], Violation] = {}
OBSERVES: dict[Relation, Observation] = {}


def performs(action: Any) -> Callable[[Performance], Performance]:
    """What really happens: `@performs(Linking.scan)` on a function of the world and the action's arguments by name.

    It raises Refused when the implementation does.
    """

    def of(fn: Performance) -> Performance:
        PERFORMS[_action(action)] = fn
        return fn

    return of


def violates(action: Any, guard: str, breaks: str, *, refusals: tuple[str, ...] = ()) -> Callable[..., Any]:
    """`@violates(Linking.confirm, "account_signature", breaks="L4")`: as `performs`, with that guard broken in bytes.

    The function returns False, having done nothing, where these bytes cannot be made. `refusals` are the names
    under which the implementation may refuse besides that of the guard.
    """

    def of(fn: Callable[..., bool | None]) -> Callable[..., bool | None]:
        known = guards(MULTI_DEVICE, _action(action).name)
        if guard not in known:
            raise ModelError(f"{action} has no guard {guard!r}; it has: {', '.join(known)}")
        VIOLATES[_action(action), guard] = Violation(_action(action), guard, breaks, fn, frozenset({guard, *refusals}))
        return fn

    return of


def observes(relation: Any) -> Callable[[Observation], Observation]:
    """What can be seen of a relation: its value at every index that can be seen."""

    def of(fn: Observation) -> Observation:
        OBSERVES[relation] = fn
        return fn

    return of


def _action(action: Any) -> Action:
    if not isinstance(action, Action):
        raise ModelError(f"{action!r} is no action of the model")
    return action
