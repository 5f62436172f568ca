"""The participant hash, and where Baileys' own form parts from it."""

from base64 import b64encode
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest

from impl.address import Address
from impl.participants import participant_hash
from tests.vectors import load

BAILEYS = load("foreign")["participant_hash"]
DEVICES = [Address("123", 0), Address("123", 1), Address("456", 0)]


def test_the_hash_of_no_devices_is_a_token_of_the_protocol() -> None:
    """It stands in WhatsApp's token table: official clients write 8 characters, where Baileys would write 6."""
    assert participant_hash([]) == "2:47DEQpj8"


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ([("123", 0), ("123", 1), ("456", 0)], "2:OJdJdhgo"),
        ([("456", 0), ("123", 10), ("123", 2), ("123", 0), ("1230", 0)], "2:SenMCOvs"),
    ],
)
def test_zapo_gives_the_same(devices: list[tuple[str, int]], expected: str) -> None:
    """Made with `computePhashV2` of zapo 1.8.0."""
    assert participant_hash(Address(*device) for device in devices) == expected


def test_order_and_repetition_do_not_matter() -> None:
    assert {participant_hash(each) for each in permutations([*DEVICES, DEVICES[0]])} == {participant_hash(DEVICES)}


@pytest.mark.parametrize(
    "other",
    [DEVICES[:2], [*DEVICES, Address("456", 1)], [DEVICES[0], Address("123", 2), DEVICES[2]]],
    ids=["one less", "one more", "another"],
)
def test_other_devices_have_another_hash(other: list[Address]) -> None:
    assert participant_hash(other) != participant_hash(DEVICES)


@pytest.mark.parametrize("vector", BAILEYS)
def test_baileys_cuts_the_base64_of_the_names_as_given(vector: dict[str, Any]) -> None:
    """6 characters where others take 6 bytes, over `123@…` where others write `123.0:0@…`."""
    digest = sha256("".join(sorted(vector["participants"])).encode()).digest()
    assert "2:" + b64encode(digest).decode()[:6] == vector["hash"]


def test_ours_is_not_the_form_of_baileys() -> None:
    assert [str(device) for device in DEVICES] == BAILEYS[0]["participants"]
    assert participant_hash(DEVICES) != BAILEYS[0]["hash"]
    assert len(participant_hash(DEVICES)) == len(BAILEYS[0]["hash"]) + 2
