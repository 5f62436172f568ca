"""Interchangeable elements: which there are, what goes along with them, and that a wrong exchange is seen."""

from __future__ import annotations

import pytest

from model.accounts import Device, KeyIndex
from model.devicelist import DeviceList
from model.ground import Ground, ground
from model.scope import scope
from model.symmetry import Element, Exchange, _Certificate, symmetry
from model.systems import MULTI_DEVICE

THREE = "users=1,devices=4,lists=1,messages=1"


def at(name: str) -> Ground:
    return ground(MULTI_DEVICE, scope(name))


@pytest.mark.parametrize(
    ("name", "order", "described"),
    [
        ("tiny", 1, ""),
        (THREE, 6, "alice.web = alice.desktop = alice.tablet"),
        ("users=1,devices=1,lists=0,messages=3", 6, "message 1 = message 2 = message 3"),
        (
            "users=1,devices=6,lists=1,messages=0",
            120,
            "alice.web = alice.desktop = alice.tablet = alice.portal = alice.laptop",
        ),
        ("users=2,devices=4,lists=1,messages=2", 1, ""),
        ("group", 4, "alice.phone in family, key 1 = alice.phone in family, key 2, family 1 = family 2"),
        ("insider", 2, "friends 1 = friends 2"),
    ],
)
def test_who_is_interchangeable(name: str, order: int, described: str) -> None:
    found = symmetry(at(name))
    assert (found.order, found.described(scope(name))) == (order, described)


def test_a_companion_takes_its_key_index_along() -> None:
    (companions,) = symmetry(at(THREE)).classes
    assert companions.blocks == tuple((Element(Device, i), Element(KeyIndex, i)) for i in (1, 2, 3))
    assert set(companions.swaps[0]) == {*companions.blocks[0], *companions.blocks[1]}


def test_a_ghost_that_claims_to_be_one_companion_tells_it_from_the_others() -> None:
    assert symmetry(at("users=1,devices=3,lists=1,messages=0")).order == 2
    assert symmetry(at("users=1,devices=3,lists=1,messages=0,rogues=1")).order == 1


def both(one: Element, other: Element) -> Exchange:
    return {one: other, other: one}


@pytest.mark.parametrize(
    "exchange",
    [
        both(Element(Device, 0), Element(Device, 1)),
        both(Element(Device, 1), Element(Device, 2)),
        both(Element(DeviceList, 0), Element(DeviceList, 1)),
        both(Element(KeyIndex, 1), Element(KeyIndex, 2)),
    ],
    ids=["phone and companion", "companions without their indexes", "lists", "indexes alone"],
)
def test_a_wrong_exchange_does_not_take_the_system_to_itself(exchange: Exchange) -> None:
    assert not _Certificate(at(THREE))(exchange)


def test_a_right_one_does() -> None:
    right = both(Element(Device, 1), Element(Device, 2)) | both(Element(KeyIndex, 1), Element(KeyIndex, 2))
    assert _Certificate(at(THREE))(right)
    assert not _Certificate(at(THREE))({**right, **both(Element(Device, 3), Element(Device, 0))})
