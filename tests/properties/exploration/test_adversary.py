"""Capabilities of the adversary: each leaves moves out, and a flaw comes to something only where it has those."""

from __future__ import annotations

import pytest

from model.adversary import WITHOUT, against
from model.language import ModelError
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.conditions import conditions
from properties.exploration.explore import explore
from properties.flaws import DROPPED, TAKES, flaw_of

ALL = "".join(WITHOUT)


@pytest.mark.parametrize("id", TAKES)
def test_a_flaw_takes_these_capabilities_and_no_fewer(id: str) -> None:
    _, letters = TAKES[id]
    assert broken(id, letters)
    assert not any(broken(id, letters.replace(letter, "")) for letter in letters)


def broken(id: str, capabilities: str) -> bool:
    """Whether such an adversary breaks a property, in the scope that is known for it."""
    name, _ = TAKES[id]
    claims = [CATALOGUE[broken] for broken in flaw_of(id).breaks if CATALOGUE[broken].stated]
    return bool(explore(against(capabilities), scope(name), claims, without=frozenset(DROPPED[id])).counterexamples)


def test_of_each_flaw_in_the_model_it_is_known_what_it_takes() -> None:
    assert TAKES.keys() == DROPPED.keys()


def test_with_all_of_them_it_is_the_protocol_itself() -> None:
    assert against(ALL).modules == MULTI_DEVICE.modules


@pytest.mark.parametrize("letter", WITHOUT)
def test_each_capability_leaves_moves_out(letter: str) -> None:
    """By conditions of `when`: nothing is refused that was accepted, there is only no such move."""
    mine = against(ALL.replace(letter, ""))
    more = [dict(conditions(mine, name).items() - conditions(MULTI_DEVICE, name).items()) for name in mine.actions]
    assert {kind for each in more for kind in each.values()} == {"when"}


def test_a_letter_that_is_none_is_refused() -> None:
    with pytest.raises(ModelError, match="no adversary has a capability 'X'; there are N, C, M, R, P, A, B"):
        against("N X")
