"""How fast model and implementation walk side by side, and how soon each seeded flaw is found."""

from __future__ import annotations

import time
from contextlib import chdir
from tempfile import TemporaryDirectory

from impl.flaws import GALLERY
from properties.conform import conform

STEPS = 20_000


def main() -> None:
    """Prints steps a second without a flaw; then a line a flaw: seconds, steps, length of the shortened trace."""
    clean = conform(steps=STEPS)
    print(f"{clean.steps:,} steps in {clean.seconds:.1f} s, {clean.steps / clean.seconds:,.0f} steps/s")
    print(f"\n{'flaw':<8}{'seconds':>9}{'steps':>8}{'trace':>7}  breaks")
    for flaw in GALLERY:
        # In a folder of its own: Hypothesis tries first what failed in this one before.
        with TemporaryDirectory() as folder, chdir(folder):
            began = time.perf_counter()
            found = conform(steps=STEPS, flaw=flaw)
            seconds = time.perf_counter() - began
        trace = len(found.finding.trace.steps) if found.finding else "-"
        breaks = ", ".join(found.finding.properties) if found.finding else "not found"
        print(f"{flaw:<8}{seconds:>9.1f}{found.steps:>8,}{trace:>7}  {breaks}")


if __name__ == "__main__":
    main()
