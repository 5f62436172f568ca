"""A trace as a sequence chart for the terminal: a lifeline for each participant, a numbered row for each step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from textwrap import wrap

from model.adversary import capabilities_in, told
from model.trace import Step, Trace

WIDTH = 100
_NUMBER = 4  # columns left of the first lifeline
_BRIEF = 3  # changes that are spelled out
_NARROW = 36  # the text is never squeezed below this, however many participants there are


def chart(trace: Trace) -> str:
    """The trace as plain text, at most 100 columns wide for up to five participants.

    `●` takes a step, `○` is at its other end, `◇` is where something happens that nobody there does, `✗` marks
    what is refused. Sentences and changes are those of `Trace.annotated`.
    """
    return "\n".join(line.rstrip() for line in _lines(trace)) + "\n"


def _lines(trace: Trace) -> Iterator[str]:
    yield from _heading(trace)
    names = [name.split(".") for name in trace.participants]
    column = max((len(part) for parts in names for part in parts), default=0) + 2 | 1  # odd: it has a middle
    for parts in zip_longest(*names, fillvalue=""):
        yield " " * _NUMBER + "".join(f"{part:^{column}}" for part in parts)
    lifelines = "│".center(column) * len(names)
    yield " " * _NUMBER + lifelines
    for number, step in enumerate(trace.steps, 1):
        text = _text(step, max(WIDTH - _NUMBER - len(lifelines) - 2, _NARROW))
        drawn = _drawn(step, trace.participants, lifelines)
        for i, line in enumerate([*text, ""]):
            label = f"{number:>3} " if i == 0 else " " * _NUMBER
            yield f"{label}{lifelines if i else drawn}  {line}"


def _heading(trace: Trace) -> Iterator[str]:
    facts = {
        "property": trace.property,
        "system": trace.system.name,
        "adversary": capabilities_in(trace.system) or "nobody" if told(trace.system) else None,
        "scope": str(trace.scope),
        "found by": trace.found_by,
        "seed": trace.seed,
        "flaw": trace.flaw,
        "for ever": f"from step {trace.loop} on" if trace.loop else None,
    }
    for word, fact in facts.items():
        if fact is not None:
            yield f"{word:<9} {fact}"
    yield ""


def _drawn(step: Step, participants: list[str], lifelines: str) -> str:
    """The lifelines with the step's two ends on them, and a line between."""
    column = len(lifelines) // len(participants) if participants else 0
    refused = step.expect == "refused"
    first = [(step.actor, "✗" if refused else "●"), (step.other, "○")]
    ends = first if step.actor else [(step.other, "✗" if refused else "◇")]
    marks = {participants.index(name) * column + column // 2: mark for name, mark in ends if name}
    row = list(lifelines)
    for i in range(min(marks, default=0), max(marks, default=0)):
        row[i] = "┼" if row[i] == "│" else "╌" if refused else "─"
    for i, mark in marks.items():
        row[i] = mark
    return "".join(row)


def _text(step: Step, width: int) -> list[str]:
    by = f": {', '.join(step.by)}" if step.by else ""
    items = [f"✗ refused{by}" if step.expect == "refused" else "✓ accepted"]
    if step.breaks:
        items.append(f"  its bytes break {step.breaks}")
    if step.got and step.got != step.expect:
        items.append(f"! but it was {step.got}")
    items += [f"  {change}" for change in step.changes[:_BRIEF]]
    if len(step.changes) > _BRIEF:
        items.append(f"  and {len(step.changes) - _BRIEF} more")
    return wrap(step.says or str(step), width) + [
        line for item in items for line in wrap(item, width, subsequent_indent="  ")
    ]
