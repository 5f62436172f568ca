"""Protocols whose states others have counted: the explorer counts the same, and how fast."""

from __future__ import annotations

from model.examples.flexible_paxos import FLEXIBLE_PAXOS, ONE_VALUE, grid
from model.examples.readers_writers import ALONE, READERS_WRITERS, actors
from model.examples.two_phase_commit import FOR_GOOD, TOGETHER, TWO_PHASE_COMMIT, managers
from properties.exploration.explore import explore

KNOWN = (
    (TWO_PHASE_COMMIT, managers(3), [TOGETHER, FOR_GOOD], 288),
    (TWO_PHASE_COMMIT, managers(5), [TOGETHER, FOR_GOOD], 8_832),
    (READERS_WRITERS, actors(4), [ALONE], 2_192_020),
    (FLEXIBLE_PAXOS, grid(values=3, ballots=3), [ONE_VALUE], 11_279_393),
)


def main() -> None:
    """Prints a line for each. `kinds` are states up to interchangeable elements; their claims are tried too."""
    print(f"{'':<18}{'':<36}{'known':>12}{'states':>12}{'transitions':>13}{'search':>8}{'kinds':>11}{'search':>8}")
    for system, at, claims, known in KNOWN:
        found, kinds = (explore(system, at, claims, symmetric=symmetric) for symmetric in (False, True))
        print(
            f"{system.name:<18}{at.name:<36}{known:>12,}{found.states:>12,}{found.transitions:>13,}"
            f"{found.seconds.search:>8.2f}{kinds.states:>11,}{kinds.seconds.search:>8.2f}"
        )
        if found.states != known or found.counterexamples:
            raise SystemExit(f"{system.name} has not the states that are known")


if __name__ == "__main__":
    main()
