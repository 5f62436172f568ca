"""Protocols that others have counted: the explorer counts the same. `python -m benchmarks explore_known` has more."""

from __future__ import annotations

import pytest

from model.configuration import Scope
from model.examples.flexible_paxos import FLEXIBLE_PAXOS, ONE_VALUE, grid
from model.examples.readers_writers import ALONE, READERS_WRITERS, actors
from model.examples.two_phase_commit import FOR_GOOD, TOGETHER, TWO_PHASE_COMMIT, TwoPhase, managers
from model.language import Claim, System
from model.simulate import Move, Simulation, State
from properties.exploration.explore import ScopeTooLarge, explore

KNOWN = [
    (TWO_PHASE_COMMIT, managers(3), [TOGETHER, FOR_GOOD], 288),
    (TWO_PHASE_COMMIT, managers(5), [TOGETHER, FOR_GOOD], 8_832),
    (READERS_WRITERS, actors(3), [ALONE], 21_527),
    (READERS_WRITERS, actors(4), [ALONE], 2_192_020),
    (FLEXIBLE_PAXOS, grid(values=2, ballots=2), [ONE_VALUE], 39_937),  # ours: nobody has published it
]


@pytest.mark.parametrize(("system", "at", "claims", "states"), KNOWN)
def test_states_that_others_have_counted(system: System, at: Scope, claims: list[Claim], states: int) -> None:
    found = explore(system, at, claims)
    assert found.states == states and found.complete and not found.counterexamples


@pytest.mark.parametrize(
    ("system", "at", "without", "claim"),
    [
        (TWO_PHASE_COMMIT, managers(2), ("two_phase_commit.commit", "all_prepared"), TOGETHER),
        (READERS_WRITERS, actors(2), ("readers_writers.serve", "nobody_reads"), ALONE),
        (FLEXIBLE_PAXOS, grid(values=2, ballots=2), ("flexible_paxos.propose", "safe"), ONE_VALUE),
    ],
)
def test_without_a_condition_the_claim_fails(system: System, at: Scope, without: tuple[str, str], claim: Claim) -> None:
    (found,) = explore(system, at, [claim], without=[without]).counterexamples
    assert found.violation.claim is claim


def test_queues_and_readers_are_as_many_as_combinatorics_says() -> None:
    queues = sum(24 // {0: 24, 1: 6, 2: 2, 3: 1, 4: 1}[n] for n in range(5))  # distinct requests out of 4, in order
    assert explore(READERS_WRITERS, actors(2)).states == queues * (2**2 + 2)


def test_too_many_states_are_refused_as_in_any_scope() -> None:
    with pytest.raises(ScopeTooLarge, match=r"scope actors=4: .* does not fit in .*; allow more memory"):
        explore(READERS_WRITERS, actors(4), memory_bytes=20 << 20)


STATERIGHT = ("commit", "abort", "hear", "prepare", "give_up", "obey_commit", "obey_abort")


def test_what_stateright_counts_with_symmetry_is_no_number_of_kinds() -> None:
    """Depth first, the last found first, as its search goes; managers sorted by phase, else in the order they have."""
    simulation = Simulation(TWO_PHASE_COMMIT, managers(5))
    by_manager = (TwoPhase.phase, TwoPhase.heard, TwoPhase.said_prepared)

    def representative(state: State) -> tuple[object, ...]:
        rows = [tuple(simulation.value(state, relation, i) for relation in by_manager) for i in range(5)]
        rest = (simulation.value(state, r) for r in (TwoPhase.decision, TwoPhase.said_commit, TwoPhase.said_abort))
        return (*sorted(rows, key=lambda row: row[0]), *rest)

    def order(step: tuple[Move, State]) -> tuple[int, ...]:
        name = STATERIGHT.index(step[0].action.name.split(".")[1])
        return (-1, name) if not step[0].args else (step[0].args[0], name)

    def count(backwards: bool) -> int:
        seen, todo = {representative(simulation.start)}, [simulation.start]
        while todo:
            for _, after in sorted(simulation.successors(todo.pop()), key=order, reverse=backwards):
                if representative(after) not in seen:
                    seen.add(representative(after))
                    todo.append(after)
        return len(seen)

    assert count(backwards=False) == 665
    assert count(backwards=True) != 665
    assert explore(TWO_PHASE_COMMIT, managers(5), symmetric=True).states == 314
