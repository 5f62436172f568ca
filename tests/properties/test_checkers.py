"""Spin and Rumur count what explore counts, of the model as we export it."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import pytest

from model.accounts import Accounts, Device, User
from model.examples.two_phase_commit import FOR_GOOD, TOGETHER, TWO_PHASE_COMMIT, managers
from model.export.alike import Element, alike, permutations
from model.export.murphi import murphi
from model.export.promela import promela
from model.language import Claim, Formula, System, implies
from model.linking import Linking
from model.scope import Scope, scope
from model.simulate import Simulation, State
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.checkers import CheckerFailed, rumur, spin
from properties.explore import explore
from tests.checkers import installed

STATED = [p for p in CATALOGUE.values() if p.kind in ("always", "step")]
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
    assert (found.states, found.transitions) == orbits(*SCOPES[name])


def orbits(system: System, at: Scope) -> tuple[int, int]:
    """Breadth-first over representatives, by the plain model and every permutation: the smallest of an orbit."""
    simulation, ways = Simulation(system, at), []
    for changed in permutations(alike(system, at)):
        places, values = list(range(len(simulation.start))), [dict[int, int]() for _ in simulation.start]
        for relation in system.mutable:
            for index in itertools.product(*(range(at.sizes[sort]) for sort in relation.of)):
                moved = [changed.get(e, e).number for e in map(Element, relation.of, index)]
                place = simulation.position(relation, *moved)
                places[place] = simulation.position(relation, *index)
                values[place] = {e.number: x.number for e, x in changed.items() if e.sort is relation.gives}
        ways.append((places, values))

    def representative(state: State) -> State:
        return min(tuple(v.get(state[p], state[p]) for p, v in zip(*way, strict=True)) for way in ways)

    seen, todo, transitions = {simulation.start}, [simulation.start], 0
    for state in todo:
        for _, after in simulation.successors(state):
            transitions += 1
            if (found := representative(after)) not in seen:
                seen.add(found)
                todo.append(found)
    return len(seen), transitions


def test_what_holds_here_holds_there(tmp_path: Path) -> None:
    installed("spin")
    found = spin(promela(MULTI_DEVICE, scope("tiny"), STATED), tmp_path, optimize="-O0")
    assert found.holds and (found.states, found.transitions) == counted("tiny")
    installed("rumur")
    small = TWO_PHASE_COMMIT, managers(3), [TOGETHER, FOR_GOOD]
    there = rumur(murphi(*small), tmp_path, optimize=["-O0"])
    assert there.holds and there.states == 288


def nobody_links(companion: Device) -> Formula:
    """Not so."""
    return ~Accounts.linked(companion)


def nobody_is_vouched_for(user: User, companion: Device) -> Formula:
    """Not so either, in a step."""
    return implies(~Linking.vouched(user, companion), ~Linking.vouched.after(user, companion))


@pytest.mark.parametrize("claim", [Claim("state", nobody_links), Claim("step", nobody_is_vouched_for)])
def test_what_fails_here_fails_there_by_the_same_name(claim: Claim, tmp_path: Path) -> None:
    at = scope("users=1,devices=2,lists=1,messages=0")
    assert explore(MULTI_DEVICE, at, [claim]).counterexamples
    installed("spin")
    found = spin(promela(MULTI_DEVICE, at, [claim]), tmp_path, optimize="-O0")
    assert not found.holds and f"assertion violated {claim}" in found.said
    installed("rumur")
    found = rumur(murphi(MULTI_DEVICE, at, [claim]), tmp_path, optimize=["-O0"])
    assert not found.holds and str(claim) in found.said


def test_what_a_checker_cannot_read_is_told(tmp_path: Path) -> None:
    installed("spin")
    with pytest.raises(CheckerFailed, match="spin: "):
        spin("active proctype nothing() { nothing }", tmp_path)
    installed("rumur")
    with pytest.raises(CheckerFailed, match="rumur: "):
        rumur("no murphi", tmp_path)
