"""Assignments at once become assignments in turn."""

from __future__ import annotations

from itertools import permutations, product

from model.export.sequence import sequence


def test_what_is_read_is_overwritten_later() -> None:
    assert sequence({"x": {"y"}, "y": {"z"}, "z": set()}) == ([], ["x", "y", "z"])


def test_a_value_may_read_what_it_replaces() -> None:
    assert sequence({"x": {"x"}}) == ([], ["x"])


def test_an_exchange_keeps_one_of_both() -> None:
    kept, order = sequence({"x": {"y"}, "y": {"x"}})
    assert len(kept) == 1 and sorted(order) == ["x", "y"]


def test_in_turn_gives_what_at_once_would() -> None:
    names = "abc"
    choices = [set(c) for n in range(4) for c in permutations(names, n) if list(c) == sorted(c)]
    for reads in (dict(zip(names, found, strict=True)) for found in product(choices, repeat=3)):
        before = {"a": 1, "b": 10, "c": 100}
        kept, order = sequence(reads)
        state, old = dict(before), {name: before[name] for name in kept}
        for name in order:
            state[name] = sum(old.get(r, state[r]) if r != name else before[r] for r in reads[name])
        assert state == {name: sum(before[r] for r in read) for name, read in reads.items()}
