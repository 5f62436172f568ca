"""Which elements are alike: the configuration decides."""

from __future__ import annotations

import pytest

from model.examples.two_phase_commit import TWO_PHASE_COMMIT, managers
from model.export.alike import alike, permutations
from model.language import System
from model.scope import Scope, scope
from model.systems import MULTI_DEVICE


def rows(system: System, at: Scope) -> list[list[list[str]]]:
    return [[[at.names[e.sort][e.number] for e in row] for row in a.rows] for a in alike(system, at)]


def test_companions_are_alike_each_with_its_key_index() -> None:
    assert rows(MULTI_DEVICE, scope("users=1,devices=4,lists=2,messages=0")) == [
        [["alice.web", "1"], ["alice.desktop", "2"], ["alice.tablet", "3"]]
    ]


def test_what_they_write_goes_with_them() -> None:
    assert rows(MULTI_DEVICE, scope("users=1,devices=4,lists=2,messages=2")) == [
        [["alice.web", "1"], ["alice.desktop", "2"]]
    ]
    assert rows(MULTI_DEVICE, scope("users=1,devices=4,messages=4"))[0][0] == ["alice.web", "1", "message 4"]


def test_messages_of_one_author_are_alike() -> None:
    assert [["message 1"], ["message 5"]] in rows(MULTI_DEVICE, scope("users=1,devices=4,messages=8"))


@pytest.mark.parametrize("name", ["tiny", "small", "contact", "medium"])
def test_where_a_relation_tells_them_apart_nothing_is_alike(name: str) -> None:
    assert rows(MULTI_DEVICE, scope(name)) == []


def test_a_permutation_moves_whole_rows() -> None:
    at = scope("users=1,devices=3,lists=2,messages=0")
    stay, swap = permutations(alike(MULTI_DEVICE, at))
    assert all(e == x for e, x in stay.items())
    named = {at.names[e.sort][e.number]: at.names[x.sort][x.number] for e, x in swap.items()}
    assert named == {"alice.web": "alice.desktop", "alice.desktop": "alice.web", "1": "2", "2": "1"}


def test_there_are_as_many_permutations_as_ways_to_order_the_rows() -> None:
    assert len(list(permutations(alike(TWO_PHASE_COMMIT, managers(4))))) == 24
