"""Security codes: as libsignal makes them for one device a side, and over all devices where there are more."""

from typing import Any

import pytest

from impl.security_code import digits, matches, security_code
from impl.wire.errors import DecodeError
from impl.wire.security_code import VERSION, CombinedFingerprints
from tests.vectors import load

FOREIGN = load("security_code")["cases"]
PHONE, WEB, DESKTOP, BOB = (bytes([each]) * 32 for each in (5, 3, 9, 7))
ALICES = (PHONE, WEB, DESKTOP)
CODE = security_code("alice", ALICES, "bob", [BOB])


def of(case: dict[str, Any]) -> CombinedFingerprints:
    sides = (case["local_user"], case["local_identity"]), (case["remote_user"], case["remote_identity"])
    (own, own_key), (other, other_key) = sides
    return security_code(own, [bytes.fromhex(own_key)], other, [bytes.fromhex(other_key)])


@pytest.mark.parametrize("case", FOREIGN)
def test_with_one_device_a_side_the_digits_are_those_of_libsignal(case: dict[str, Any]) -> None:
    assert digits(of(case)) == case["digits"]


@pytest.mark.parametrize("case", FOREIGN)
def test_with_one_device_a_side_the_qr_is_that_of_libsignal(case: dict[str, Any]) -> None:
    scannable = bytes.fromhex(case["scannable"])
    if case["version"] == VERSION:
        assert of(case).encode() == scannable
        assert CombinedFingerprints.decode(scannable) == of(case)
    else:
        with pytest.raises(DecodeError):
            CombinedFingerprints.decode(scannable)


def test_both_sides_show_the_same_digits_and_match() -> None:
    theirs = security_code("bob", [BOB], "alice", ALICES)
    assert digits(theirs) == digits(CODE)
    assert len(digits(CODE)) == 60
    assert digits(CODE).isdecimal()
    assert matches(CombinedFingerprints.decode(theirs.encode()), CODE)
    assert matches(CombinedFingerprints.decode(CODE.encode()), theirs)


def test_an_own_qr_shown_back_does_not_match() -> None:
    assert not matches(CODE, CODE)


def test_the_order_of_devices_does_not_matter() -> None:
    assert security_code("alice", reversed(ALICES), "bob", [BOB, BOB]) == CODE


@pytest.mark.parametrize(
    ("own", "own_keys", "other", "other_keys"),
    [
        ("alice", (PHONE, WEB), "bob", [BOB]),
        ("alice", (*ALICES, bytes(32)), "bob", [BOB]),
        ("alice", (PHONE, WEB, bytes(32)), "bob", [BOB]),
        ("alice", ALICES, "bob", [DESKTOP]),
        ("alice", ALICES, "bob", [BOB, bytes(32)]),
        ("alice", (PHONE, WEB), "bob", [BOB, DESKTOP]),
        ("alicia", ALICES, "bob", [BOB]),
        ("alice", ALICES, "rob", [BOB]),
    ],
    ids=["removed", "added", "changed", "theirs changed", "theirs added", "moved over", "renamed", "theirs renamed"],
)
def test_any_other_device_or_user_changes_the_code(
    own: str, own_keys: tuple[bytes, ...], other: str, other_keys: list[bytes]
) -> None:
    mine = security_code(own, own_keys, other, other_keys)
    theirs = security_code("bob", [BOB], "alice", ALICES)
    assert digits(mine) != digits(theirs)
    assert not matches(theirs, mine)


@pytest.mark.parametrize("side", ["local", "remote"])
def test_both_halves_must_match(side: str) -> None:
    theirs = security_code("bob", [BOB], "alice", ALICES)
    changed = {"local": theirs.local, "remote": theirs.remote} | {side: bytes(32)}
    assert not matches(CombinedFingerprints(**changed), CODE)
