"""States as pairs of halves: the same states, found at the same depths, in a fraction of the memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.ground import ground
from model.native import native
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.exploration import explore as explored
from properties.exploration.compact import CompactSearch, compact_search
from properties.exploration.explore import Exploration, ScopeTooLarge, explore
from properties.exploration.halves import halved
from properties.exploration.search import GIBIBYTE, Search
from tests.properties.counting import counted
from tests.properties.visiting import STATED

COMPANIONS = "users=1,devices=4,lists=1,messages=0"
FEW = 1000


def compactly(monkeypatch: pytest.MonkeyPatch, name: str, **options: Any) -> tuple[Exploration, Exploration]:
    """The same question answered with every state and its parent, and with pairs beyond the first few states."""
    here = scope(name)
    whole = explore(MULTI_DEVICE, here, STATED, **options)
    monkeypatch.setattr(explored, "MANY", FEW)
    return whole, explore(MULTI_DEVICE, here, STATED, **options)


@pytest.mark.parametrize(
    ("name", "symmetric"),
    [("tiny", False), ("insider", False), (COMPANIONS, False), (COMPANIONS, True)],
)
def test_nothing_else_changes(name: str, symmetric: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, compact = compactly(monkeypatch, name, symmetric=symmetric)
    assert compact.state_bits == whole.state_bits
    assert counted(compact) == counted(whole)


@pytest.mark.parametrize("stop_at_first", [True, False])
def test_the_way_to_a_violation_is_found_again(stop_at_first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = frozenset({("history.import", "fresh")})
    whole, compact = compactly(monkeypatch, "tiny", without=dropped, stop_at_first=stop_at_first)
    assert len(whole.levels) > 3 and sum(whole.levels[:3]) < FEW, "pairs are kept before something is violated"
    assert whole.counterexamples and counted(compact) == counted(whole)


def test_any_number_of_threads_sees_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explored, "MANY", FEW)
    one, two = (explore(MULTI_DEVICE, scope("insider"), threads=threads) for threads in (1, 2))
    assert (counted(one), one.memory_bytes) == (counted(two), two.memory_bytes)


def test_a_state_takes_a_few_bytes() -> None:
    search = Search(native(ground(MULTI_DEVICE, scope("contact"))), GIBIBYTE)
    assert search.run(2, stop_at_first=True, progress=None)
    compact = compact_search(search)
    assert compact.run(2, stop_at_first=True, progress=None)
    assert compact.states == search.states and compact.levels == search.levels
    halves = [max(int(seen.counts[side]) for seen in compact.seen) for side in (0, 1)]
    assert max(halves) < search.states / 100
    assert compact.memory_bytes < 12 * search.states < search.memory_bytes / 2


def test_however_it_is_halved_it_is_the_same() -> None:
    """Halves that do not suit the scope cost memory, never states."""
    grounded = ground(MULTI_DEVICE, scope("insider"))
    halves = halved(grounded, np.array([grounded.start], np.uint64))
    compact = CompactSearch(native(halves), GIBIBYTE)
    assert compact.run(2, stop_at_first=True, progress=None)
    assert compact.states == explore(MULTI_DEVICE, scope("insider")).states


def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explored, "MANY", FEW)
    monkeypatch.setattr(explored, "too_many", lambda *_: None)
    with pytest.raises(ScopeTooLarge, match=r"scope contact: .* does not fit in 16 MiB: .* states at depth"):
        explore(MULTI_DEVICE, scope("contact"), memory_bytes=GIBIBYTE // 64)


def test_where_memory_ends_pairs_begin() -> None:
    """Every state and its parent would take 100 MiB."""
    found = explore(MULTI_DEVICE, scope("contact"), memory_bytes=GIBIBYTE // 16)
    assert found.complete and found.states == 3_259_648 and found.memory_bytes < GIBIBYTE // 16
