"""What need not be followed: every state is found all the same, at its depth, and every move counted and checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.exploration import search
from properties.exploration.explore import Exploration, explore
from properties.exploration.sleep import asleep
from tests.properties.counting import counted
from tests.properties.visiting import STATED

GROUP, COMPANIONS = "group", "users=1,devices=4,lists=1,messages=0"


@pytest.mark.parametrize(
    ("name", "symmetric"),
    [("insider", False), ("settings", False), (GROUP, False), (GROUP, True), (COMPANIONS, False), (COMPANIONS, True)],
)
def test_nothing_else_changes(name: str, symmetric: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scope(name)
    sleepy = explore(MULTI_DEVICE, here, STATED, symmetric=symmetric)
    keep_awake(monkeypatch)
    awake = explore(MULTI_DEVICE, here, STATED, symmetric=symmetric)
    assert awake.slept == 0 < sleepy.slept
    assert counted(sleepy) == counted(awake)


@pytest.mark.parametrize("dropped", [("devicelist.show", "not_older"), ("history.import", "fresh")])
def test_counterexamples_are_as_short(dropped: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What sleeps is checked; `devicelist.show` has the smallest numbers of all, so that it sleeps most."""

    def lengths() -> dict[str, int]:
        found = explore(MULTI_DEVICE, scope("tiny"), STATED, without=frozenset({dropped}), stop_at_first=False)
        return {each.violation.claim.name: len(each.trace.steps) for each in found.counterexamples}

    sleepy = lengths()
    keep_awake(monkeypatch)
    assert sleepy == lengths() != {}


def test_most_moves_sleep() -> None:
    found = explore(MULTI_DEVICE, scope("insider"))
    assert found.slept > found.transitions / 2


def test_the_order_of_two_moves_must_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are lost if a move may sleep that does not commute with the one before it."""

    def whatever_comes_before(sleep: Any) -> Any:
        actions = np.arange(sleep.shape[1])
        return np.vstack([actions[:, None] > actions, sleep[len(actions) :]])

    assert lost(monkeypatch, whatever_comes_before) > 0


def lost(monkeypatch: pytest.MonkeyPatch, change: Any) -> int:
    """How many states are not found if other moves sleep."""

    def states() -> Exploration:
        return explore(MULTI_DEVICE, scope("tiny"))

    whole = states().states
    monkeypatch.setattr(search, "asleep", lambda *of: change(asleep(*of)))
    return whole - states().states


def keep_awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "asleep", none_asleep)


def none_asleep(*of: Any) -> Any:
    return np.zeros_like(asleep(*of))
