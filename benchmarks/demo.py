"""Whether ten thousand messages arrive exactly once where much is lost and everybody is killed, and how fast."""

from __future__ import annotations

from rich.console import Console

from impl.demo.faults import Faults
from impl.demo.run import demonstrate
from impl.demo.stage import Plan

MESSAGES = 10_000
PLANS = (
    Plan(MESSAGES),
    Plan(MESSAGES, Faults(drop=0.1, duplicate=0.05, reorder=True), kill=5),
)


def main() -> None:
    """Prints how it goes and what each device has: first on a good network, then on a bad one with kills."""
    for plan in PLANS:
        verdict = demonstrate(plan, None, Console(width=120))
        assert verdict.holds, verdict.sentence


if __name__ == "__main__":
    main()
