"""A trace as a reader sees it: steps in words, who took part, and where it went wrong.

The model makes traces and replays them; reports only read the JSON (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reports import schema

SERVER = "server"


@dataclass(frozen=True, slots=True)
class Step:
    """One action: what was done with what, what the model expected, what was observed instead.

    `by` are the guards that refuse, `breaks` the one among them that only the bytes of the attempt violate.
    `falsifies` is the property that is false after this step. `changes` is None where nobody recorded them.
    """

    do: str
    arguments: dict[str, Any]
    expect: str
    by: list[str]
    got: str | None
    breaks: str | None
    falsifies: str | None
    actor: str | None
    other: str | None
    says: str
    changes: list[str] | None

    @property
    def call(self) -> str:
        return f"{self.do}({', '.join(f'{name}={value}' for name, value in self.arguments.items())})"

    @property
    def refused(self) -> bool:
        """What really happened: where the two differ, the observation and not the expectation."""
        return (self.got or self.expect) == "refused"

    @property
    def disagrees(self) -> bool:
        return self.got is not None and self.got != self.expect

    @property
    def decisive(self) -> bool:
        return self.disagrees or self.falsifies is not None

    @property
    def outcome(self) -> str:
        expected = f"{self.expect} by {', '.join(self.by)}" if self.by else self.expect
        told = f"expected {expected}, got {self.got}" if self.disagrees else expected
        crafted = f"{told}; its bytes violate {self.breaks}" if self.breaks else told
        return f"{crafted}; breaks {self.falsifies}" if self.falsifies else crafted

    @property
    def ends(self) -> tuple[str | None, str | None]:
        """From whom to whom. A step of one device whose sentence begins with the server comes from there."""
        if self.other is None and self.actor != SERVER and self.says.startswith("The server "):
            return SERVER, self.actor
        return self.actor, self.other


@dataclass(frozen=True, slots=True)
class Trace:
    """`participants` in the order of their lifelines; the server is among them if it takes part."""

    participants: list[str]
    steps: list[Step]

    def lines(self) -> list[str]:
        """The steps as plain text, numbered, each with its outcome and what it changed."""
        told: list[str] = []
        for number, step in enumerate(self.steps, 1):
            told.append(f"{number}. {step.says or step.call}")
            told.append(f"   {step.call}: {step.outcome}")
            told.extend(f"   {change}" for change in step.changes or [])
        return told


def read(document: Mapping[str, Any], at: str = "trace") -> Trace:
    """Read the trace JSON; keys that a reader has no use for are left alone.

    Raises schema.Mismatch, naming the place under `at`.
    """
    listed = schema.read(list[dict[str, Any]], document.get("steps"), f"{at}.steps")
    steps = [_step(entries, f"{at}.steps[{index}]") for index, entries in enumerate(listed)]
    property = schema.read(str | None, document.get("property"), f"{at}.property")
    if steps and property and not any(step.disagrees for step in steps):
        steps[-1] = replace(steps[-1], falsifies=property)
    participants = schema.read(list[str], document.get("participants", []), f"{at}.participants")
    return Trace(_lifelines(participants, steps), steps)


def _step(entries: dict[str, Any], at: str) -> Step:
    def get(key: str, kind: Any, default: object = None) -> Any:
        return schema.read(kind, entries.get(key, default), f"{at}.{key}")

    return Step(
        do=get("do", str),
        arguments=get("with", dict[str, Any], {}),
        expect=get("expect", str, "accepted"),
        by=get("by", list[str], []),
        got=get("got", str | None),
        breaks=get("breaks", str | None),
        falsifies=None,
        actor=get("actor", str | None),
        other=get("other", str | None),
        says=get("says", str, ""),
        changes=get("changes", list[str] | None),
    )


def _lifelines(participants: list[str], steps: list[Step]) -> list[str]:
    named = [end for step in steps for end in step.ends if end is not None]
    devices = [name for name in dict.fromkeys([*participants, *named]) if name != SERVER]
    if SERVER not in [*participants, *named]:
        return devices
    # Between the first account and the others, where messages cross it.
    own = [name for name in devices if name.partition(".")[0] == devices[0].partition(".")[0]]
    return [*own, SERVER, *(name for name in devices if name not in own)]
