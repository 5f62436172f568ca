"""Which elements are alike: the configuration decides."""

from __future__ import annotations

import pytest

from model.examples.two_phase_commit import TWO_PHASE_COMMIT, managers
from model.export.alike import alike
from model.ground import ground
from model.language import System
from model.scope import Scope, scope
from model.systems import MULTI_DEVICE


def rows(system: System, at: Scope) -> list[list[list[str]]]:
    return [[[at.names[e.sort][e.number] for e in row] for row in a.rows] for a in alike(ground(system, at))]


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


def test_all_managers_are_alike() -> None:
    assert rows(TWO_PHASE_COMMIT, managers(3)) == [[["manager 1"], ["manager 2"], ["manager 3"]]]
