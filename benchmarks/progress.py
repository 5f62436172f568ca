"""What it costs to say that something can always still come true, beside the search that visits the states."""

from __future__ import annotations

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore

SCOPES = ("small", "contact", "medium")
CLAIM = CATALOGUE["F14"]


def main() -> None:
    """Prints a line for each scope: can it always still, and does it, as docs/exploration.md has these."""
    explore(MULTI_DEVICE, scope("tiny"), [CLAIM])  # compiles the kernel, unless it was compiled before
    print(f"{'scope':<8}{'states':>12}{'not yet so':>12}{'visit':>8}{'can it':>8}{'does it':>9}")
    for name in SCOPES:
        found = explore(MULTI_DEVICE, scope(name), [CLAIM], thorough=True)
        pursuit = found.pursuits[CLAIM]
        can, does = pursuit.seconds
        print(f"{name:<8}{found.states:>12,}{pursuit.open:>12,}{found.seconds.search:>8.2f}{can:>8.2f}{does:>9.2f}")


if __name__ == "__main__":
    main()
