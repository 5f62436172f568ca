"""Spin and Rumur count what explore counts, of the model as we export it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from model.examples.two_phase_commit import (
    COMMITTED,
    FOR_GOOD,
    TOGETHER,
    TWO_PHASE_COMMIT,
    Manager,
    Phase,
    TwoPhase,
    managers,
)
from model.export.murphi import murphi
from model.export.promela import promela
from model.language import Claim, Formula, elements, implies
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.exploration.checkers import CheckerFailed, rumur, spin
from properties.exploration.explore import explore
from tests.checkers import installed
from tests.properties.visiting import STATED

SCOPES = {
    "tiny": (MULTI_DEVICE, scope("tiny")),
    "companions": (MULTI_DEVICE, scope("users=1,devices=3,lists=1,messages=0")),
    "two-phase commit": (TWO_PHASE_COMMIT, managers(5)),
}


@cache
def counted(name: str) -> tuple[int, int]:
    found = explore(*SCOPES[name])
    return found.states, found.transitions


@pytest.mark.parametrize("name", SCOPES)
def test_spin_counts_the_same_states_and_transitions(name: str, tmp_path: Path) -> None:
    installed("spin")
    found = spin(promela(*SCOPES[name]), tmp_path, optimize="-O0")
    assert (found.states, found.transitions) == counted(name)
    assert found.holds


@pytest.mark.parametrize("name", SCOPES)
def test_rumur_counts_the_same_states_and_transitions(name: str, tmp_path: Path) -> None:
    installed("rumur")
    found = rumur(murphi(*SCOPES[name]), tmp_path, optimize=["-O0"])
    assert (found.states, found.transitions) == counted(name)
    assert found.holds


@pytest.mark.parametrize("name", ["companions", "two-phase commit"])
def test_rumur_counts_the_same_orbits(name: str, tmp_path: Path) -> None:
    installed("rumur")
    found = rumur(murphi(*SCOPES[name]), tmp_path, symmetry="exhaustive", optimize=["-O0"])
    print(f"{name}: {found.states:,} orbits, {found.transitions:,} transitions of their representatives")
    ours = explore(*SCOPES[name], symmetric=True)
    assert ours.symmetry.order > 1 and found.states == ours.states
    assert found.transitions == ours.transitions


def test_what_holds_here_holds_there(tmp_path: Path) -> None:
    installed("spin")
    found = spin(promela(MULTI_DEVICE, scope("tiny"), STATED), tmp_path, optimize="-O0")
    assert found.holds and (found.states, found.transitions) == counted("tiny")
    installed("rumur")
    small = TWO_PHASE_COMMIT, managers(3), [TOGETHER, FOR_GOOD]
    there = rumur(murphi(*small), tmp_path, optimize=["-O0"])
    assert there.holds and there.states == 288


def nobody_commits(manager: Manager) -> Formula:
    """Not so."""
    return TwoPhase.phase(manager) != elements(Phase)[COMMITTED]


def nobody_hears(manager: Manager) -> Formula:
    """Not so either, in a step."""
    return implies(~TwoPhase.heard(manager), ~TwoPhase.heard.after(manager))


@pytest.mark.parametrize("claim", [Claim("state", nobody_commits), Claim("step", nobody_hears)])
def test_what_fails_here_fails_there_by_the_same_name(claim: Claim, tmp_path: Path) -> None:
    assert explore(TWO_PHASE_COMMIT, managers(2), [claim]).counterexamples
    installed("spin")
    found = spin(promela(TWO_PHASE_COMMIT, managers(2), [claim]), tmp_path, optimize="-O0")
    assert not found.holds and f"assertion violated {claim}" in found.run.said
    installed("rumur")
    found = rumur(murphi(TWO_PHASE_COMMIT, managers(2), [claim]), tmp_path, optimize=["-O0"])
    assert not found.holds and str(claim) in found.run.said


def test_what_a_checker_cannot_read_is_told(tmp_path: Path) -> None:
    installed("spin")
    with pytest.raises(CheckerFailed, match="spin: "):
        spin("active proctype nothing() { nothing }", tmp_path)
    installed("rumur")
    with pytest.raises(CheckerFailed, match="rumur: "):
        rumur("no murphi", tmp_path)
