"""What the verdict does not let pass."""

from __future__ import annotations

from collections import Counter

from impl.demo.verdict import Holdings, Verdict

ALICE = Holdings("alice", frozenset({"alice 0"}), Counter(["alice 0", "bob 0"]), 0)
BOB = Holdings("bob", frozenset({"bob 0"}), Counter(["alice 0", "bob 0"]), 0)


def verdict(bob: Holdings, wished: int = 2, why: str | None = None) -> Verdict:
    return Verdict((ALICE, bob), wished, why)


def test_a_verdict_holds_if_everybody_has_everything_once() -> None:
    assert verdict(BOB).holds
    assert not verdict(BOB, wished=3).holds
    assert not verdict(BOB, why="interrupted").holds


def test_missing_twice_and_strange_messages_count() -> None:
    for held, twice in [(["bob 0"], 0), (["alice 0", "bob 0", "bob 0"], 0), (["alice 0", "bob 0"], 1)]:
        assert not verdict(Holdings("bob", BOB.wrote, Counter(held), twice)).holds
    strange = Holdings("bob", BOB.wrote, Counter(["alice 0", "bob 0", "eve 0"]), 0)
    assert not verdict(strange).holds
