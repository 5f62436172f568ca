"""What of an exploration depends on the question alone, not on how it was answered."""

from __future__ import annotations

from properties.exploration.explore import Exploration

HOW = ("scope", "seconds", "memory_bytes", "slept")


def counted(found: Exploration) -> dict[str, object]:
    return {name: value for name, value in vars(found).items() if name not in HOW}


def counted_up_to_the_way(found: Exploration) -> dict[str, object]:
    """Which of several shortest ways to a violation is shown may depend on where the states are."""
    shown = [(c.violation.claim, len(c.violation.path)) for c in found.counterexamples]
    return {**counted(found), "counterexamples": shown}
