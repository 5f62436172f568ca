"""How fast the explorer is: states a second at the named scopes, where the time goes, and what a second core gives."""

from __future__ import annotations

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import Exploration, explore

SCOPES = ("small", "medium")
CLAIMS = [p for p in CATALOGUE.values() if p.stated]


def row(found: Exploration, threads: int, ratio: float) -> str:
    seconds = found.seconds
    return (
        f"{found.scope.name:<8}{threads:>8}{found.states:>12,}{found.transitions:>13,}{found.slept:>13,}"
        f"{found.states / seconds.search:>12,.0f}{seconds.ground:>8.2f}{seconds.compile:>9.2f}{seconds.search:>8.2f}"
        f"{ratio:>7.2f}{found.memory_bytes / 2**20:>7.0f}"
    )


def main() -> None:
    """Prints a line for each scope and number of threads; `ratio` is how much faster than one thread."""
    explore(MULTI_DEVICE, scope("tiny"), CLAIMS)  # compiles the kernel, unless it was compiled before
    print(f"{len(CLAIMS)} properties tried in every state")
    print(
        f"{'scope':<8}{'threads':>8}{'states':>12}{'transitions':>13}{'asleep':>13}{'states/s':>12}"
        f"{'ground':>8}{'compile':>9}{'search':>8}{'ratio':>7}{'MiB':>7}"
    )
    for name in SCOPES:
        alone = explore(MULTI_DEVICE, scope(name), CLAIMS, threads=1)
        print(row(alone, 1, 1.0))
        both = explore(MULTI_DEVICE, scope(name), CLAIMS, threads=2)
        print(row(both, 2, alone.seconds.search / both.seconds.search))


if __name__ == "__main__":
    main()
