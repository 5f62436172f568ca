"""Signed device lists: issued by phones, verified by everybody, never going back."""

from dataclasses import replace
from typing import Any

import pytest

from impl.address import Address
from impl.attestation import sign_list
from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.durations import DAY
from impl.lists import is_listed
from impl.phone import Phone
from impl.wire.adv import KeyIndexList, SignedKeyIndexList
from tests.impl.household import NOW
from tests.impl.refusals import refused
from tests.vectors import load

FOREIGN = load("foreign")["device_list"]
ACCOUNT = KeyPair.of(bytes.fromhex(load("foreign")["linking"]["account_private"]))
STRANGER = KeyPair.generate(seeded(b"stranger"))
SIGNED = bytes.fromhex(FOREIGN["signed_list"])
LIST = KeyIndexList(FOREIGN["raw_id"], FOREIGN["timestamp"], FOREIGN["current_index"], (0, 3, 5))


@pytest.fixture
def bob() -> Phone:
    """Somebody who compared security codes with the account of the foreign list."""
    bob = Phone.register("bob", seeded(b"bob"), NOW)
    bob.pin("alice", ACCOUNT.public)
    return bob


def signed(content: KeyIndexList, account: KeyPair = ACCOUNT) -> bytes:
    return sign_list(account, content.encode(), seeded(b"signature")).encode()


def test_a_foreign_list_is_learned(bob: Phone) -> None:
    bob.learn_list("alice", SIGNED, NOW + DAY)
    assert bob.views["alice"].signed == SIGNED
    listed = [index for index in range(8) if is_listed(bob, Address("alice", 1), index)]
    assert listed == [3, 5]


def test_our_lists_are_signed_as_the_foreign_ones() -> None:
    made = SignedKeyIndexList.decode(signed(LIST))
    message = bytes.fromhex(FOREIGN["signature_message"])
    assert b"\x06\x02" + made.details + bytes.fromhex("2800") == message
    assert xeddsa.verify(ACCOUNT.public, b"\x06\x02" + made.details, made.account_signature)


def test_a_new_phone_lists_itself_alone(bob: Phone) -> None:
    assert SignedKeyIndexList.decode(bob.signed_list).list.valid_indexes == (0,)
    assert bob.live == ()


def test_the_phone_always_belongs_to_its_account(bob: Phone) -> None:
    assert is_listed(bob, Address("alice", 0), 0)
    assert not is_listed(bob, Address("alice", 0), 3)
    assert not is_listed(bob, Address("alice", 1), 3)
    bob.learn_list("alice", SIGNED, NOW + DAY)
    assert not is_listed(bob, Address("alice", 1), 0)


def test_an_embedded_account_key_must_be_the_pinned_one(bob: Phone) -> None:
    content = SignedKeyIndexList.decode(SIGNED)
    bob.learn_list("alice", replace(content, account_key=ACCOUNT.public).encode(), NOW + DAY)
    with refused(bob, "signature"):
        bob.learn_list("alice", replace(content, account_key=STRANGER.public).encode(), NOW + DAY)


@pytest.mark.parametrize(
    ("user", "data", "check"),
    [
        ("alice", b"\xff", "well_formed"),
        ("alice", sign_list(ACCOUNT, b"\xff", seeded(b"")).encode(), "well_formed"),
        ("alice", signed(LIST, STRANGER), "signature"),
        ("bob", SIGNED, "signature"),
        ("carol", SIGNED, "signature"),
        ("alice", signed(replace(LIST, timestamp=NOW + 3 * DAY)), "not_of_the_future"),
    ],
    ids=["torn", "torn inside", "stranger", "another account", "unknown account", "future"],
)
def test_each_check_of_a_list(bob: Phone, user: str, data: bytes, check: str) -> None:
    with refused(bob, check):
        bob.learn_list(user, data, NOW + DAY)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"timestamp": LIST.timestamp - 1}, "not_older"),
        ({"valid_indexes": (0, 3)}, "not_older"),
        ({"raw_id": LIST.raw_id + 1, "timestamp": LIST.timestamp + 1}, "same_epoch"),
    ],
)
def test_a_view_never_goes_back(bob: Phone, change: dict[str, Any], check: str) -> None:
    bob.learn_list("alice", SIGNED, NOW + DAY)
    with refused(bob, check):
        bob.learn_list("alice", signed(replace(LIST, **change)), NOW + DAY)


def test_a_view_goes_forward(bob: Phone) -> None:
    bob.learn_list("alice", SIGNED, NOW + DAY)
    bob.learn_list("alice", SIGNED, NOW + DAY)
    bob.learn_list("alice", signed(replace(LIST, timestamp=LIST.timestamp + 1, valid_indexes=(0, 5))), NOW + DAY)
    assert bob.views["alice"].list.valid_indexes == (0, 5)


def test_a_pin_stays(bob: Phone) -> None:
    bob.pin("alice", ACCOUNT.public)
    with refused(bob, "identity"):
        bob.pin("alice", STRANGER.public)
