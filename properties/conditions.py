"""The named conditions of actions: what can be dropped, to see which property dies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from model.language import ModelError, System
from properties.words import hint

Without = frozenset[tuple[str, str]]  # dropped conditions: (action name, condition name)


def conditions(system: System, action: str) -> Mapping[str, str]:
    """The conditions of an action by name, in order: "when" (the move exists) or "require" (the move is accepted)."""
    taken = system.take(system.action(action), system.arguments(system.action(action)), system.state())
    return dict.fromkeys(taken.when, "when") | dict.fromkeys(taken.guards, "require")


def guards(system: System, action: str) -> list[str]:
    """The names of what an honest party checks before it accepts the action."""
    return [name for name, kind in conditions(system, action).items() if kind == "require"]


def check(system: System, without: Iterable[tuple[str, str]]) -> None:
    """ModelError if an action or a condition is not there; it names the nearest, or all there are."""
    for action, condition in sorted(without):
        if action not in system.actions:
            raise ModelError(f"no action is named {action!r}{hint(action, system.actions)}")
        known = conditions(system, action)
        if condition not in known:
            raise ModelError(f"{action} has no condition {condition!r}{hint(condition, known)}")


def parse(system: System, texts: Iterable[str]) -> Without:
    """`linking.confirm.linking_secret` is the condition `linking_secret` of `linking.confirm`. Raises ModelError."""
    without = set()
    for text in texts:
        action, _, condition = text.rpartition(".")
        if "." not in action:
            raise ModelError(f"{text!r} names no condition; write for example linking.confirm.linking_secret")
        without.add((action, condition))
    check(system, without)
    return frozenset(without)
