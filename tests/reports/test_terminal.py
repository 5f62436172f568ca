"""What a terminal is told of evidence."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console

from reports.terminal import REASONS, summary
from tests.reports import samples


def told(reasons: list[str]) -> list[str]:
    """The lines of the table, where one property is unknown for each of these reasons."""
    found = samples.found()
    unknown = [replace(found.results[0], verdict="unknown", detail=reason) for reason in reasons]
    console = Console(width=120)
    with console.capture() as capture:
        console.print(summary(replace(found, results=unknown)))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_why_something_is_unknown_is_told_once() -> None:
    lines = told(["It was stopped by hand.", "It was stopped by hand."])
    assert lines[-1] == "? prove: It was stopped by hand."
    assert sum("by hand" in line for line in lines) == 1


def test_of_many_reasons_the_first_are_told() -> None:
    lines = told([f"Reason {n}." for n in range(REASONS + 2)])
    assert lines[-2:] == [f"? prove: Reason {REASONS - 1}.", "? and 2 reasons more, in the report"]


def test_where_all_is_known_there_is_nothing_to_explain() -> None:
    assert not any(line.startswith("?") for line in told([]))
