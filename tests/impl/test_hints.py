"""In-chat device consistency: what messages say about device lists, and when that makes a device ask again."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.durations import DAY, HOUR
from impl.hints import Known, ListMark, key_hash, mark, mismatch, newer_list_hinted, to_query
from impl.wire.adv import KeyIndexList

NOW = 1626220800
LISTED = NOW - DAY
KEYS = {0: b"\x50" * 32, 3: b"\x20" * 32, 5: b"\x90" * 32}
LIST = KeyIndexList(7, LISTED, 5, (0, 3, 5))
ALICE = Known("alice", LIST, KEYS)
PHONE_ONLY = Known("bob", KeyIndexList(8, LISTED, 0, (0,)), {0: b"\x01" * 32})
NO_LIST = Known("carol", None, {0: b"\x02" * 32})


def test_keys_are_hashed_in_their_own_order() -> None:
    assert key_hash(KEYS.values()) == sha256(b"\x20" * 32 + b"\x50" * 32 + b"\x90" * 32).digest()[:10]


@given(st.permutations(list(KEYS.values())))
def test_the_order_of_devices_does_not_matter(keys: list[bytes]) -> None:
    assert key_hash(keys) == key_hash(KEYS.values())


def test_whoever_has_met_all_devices_names_no_indexes() -> None:
    assert mark(ALICE, NOW) == ListMark(key_hash(KEYS.values()), LISTED)


def test_whoever_has_not_met_all_says_whom() -> None:
    half = replace(ALICE, keys={5: KEYS[5], 0: KEYS[0]})
    assert mark(half, NOW) == ListMark(key_hash([KEYS[0], KEYS[5]]), LISTED, (0, 5))


def test_a_device_that_was_unlinked_is_not_hashed() -> None:
    assert mark(replace(ALICE, keys={**KEYS, 4: b"\x04" * 32}), NOW) == mark(ALICE, NOW)


@pytest.mark.parametrize("valid_indexes", [(0, 3, 5), (3, 5)])
def test_the_phone_counts_whether_its_list_names_it_or_not(valid_indexes: tuple[int, ...]) -> None:
    assert mark(replace(ALICE, list=replace(LIST, valid_indexes=valid_indexes)), NOW) == mark(ALICE, NOW)


@pytest.mark.parametrize(
    ("age", "timestamp"), [(0, LISTED), (720 * HOUR - 1, LISTED), (720 * HOUR, None)], ids=["new", "recent", "old"]
)
def test_a_phone_alone_is_dated_while_its_list_is_recent(age: int, timestamp: int | None) -> None:
    assert mark(PHONE_ONLY, LISTED + age) == ListMark(None, timestamp)
    assert mark(ALICE, LISTED + age).timestamp == LISTED


def test_without_a_list_there_is_nothing_to_say() -> None:
    assert mark(NO_LIST, NOW) == ListMark()


@pytest.mark.parametrize(
    ("timestamp", "hinted"),
    [
        (None, False),
        (LISTED - 1, False),
        (LISTED, False),
        (LISTED + 1, True),
        (NOW + DAY, True),
        (NOW + DAY + 1, False),
    ],
)
def test_a_later_date_hints_at_a_newer_list(timestamp: int | None, hinted: bool) -> None:
    assert newer_list_hinted(ListMark(None, timestamp), ALICE, NOW) == hinted


@pytest.mark.parametrize(
    ("said", "hinted"),
    [
        (ListMark(), False),
        (ListMark(None, LISTED), True),
        (ListMark(None, NOW + DAY), True),
        (ListMark(None, NOW + DAY + 1), False),
        (ListMark(b"\x00" * 10), True),
    ],
    ids=["nothing said", "dated", "tomorrow", "beyond tomorrow", "hash of companions"],
)
def test_any_list_is_newer_than_none(said: ListMark, hinted: bool) -> None:
    assert newer_list_hinted(said, NO_LIST, NOW) == hinted
    assert not mismatch(said, NO_LIST)


@pytest.mark.parametrize("known", [ALICE, PHONE_ONLY, NO_LIST], ids=["companions", "phone only", "no list"])
def test_who_agrees_asks_nobody(known: Known) -> None:
    assert to_query([(mark(known, NOW), known)], NOW) == frozenset()


@pytest.mark.parametrize("size", [8, 10, 32])
def test_hashes_are_compared_as_far_as_they_go(size: int) -> None:
    whole = sha256(b"".join(sorted(KEYS.values()))).digest()
    assert not mismatch(ListMark(whole[:size], LISTED), ALICE)
    assert mismatch(ListMark(whole[: size - 1] + bytes([whole[size - 1] ^ 1]), LISTED), ALICE)


@pytest.mark.parametrize(
    ("timestamp", "differs"), [(LISTED, True), (None, True), (LISTED - 1, False), (LISTED + 1, False)]
)
def test_keys_are_compared_under_one_list_only(timestamp: int | None, differs: bool) -> None:
    assert mismatch(ListMark(b"\x00" * 10, timestamp), ALICE) == differs


def test_only_the_named_devices_are_compared() -> None:
    some = ListMark(key_hash([KEYS[0], KEYS[5]]), LISTED, (0, 5))
    assert not mismatch(some, ALICE)
    assert mismatch(replace(some, indexes=(0, 3)), ALICE)
    assert mismatch(replace(some, indexes=()), ALICE)


@pytest.mark.parametrize("indexes", [(), (0, 3), (0, 9)], ids=["not met", "named and not met", "never heard of"])
def test_of_a_key_not_known_here_nothing_can_be_said(indexes: tuple[int, ...]) -> None:
    half = replace(ALICE, keys={0: KEYS[0], 5: KEYS[5]})
    assert not mismatch(ListMark(b"\x00" * 10, LISTED, indexes), half)


def test_a_message_may_put_both_accounts_in_doubt() -> None:
    """Alice's list is newer than the reader's; and she hashed another key for a device of his account."""
    reader = Known("bob", LIST, {**KEYS, 5: b"\x91" * 32})
    newer = replace(ALICE, list=replace(LIST, timestamp=LISTED + 1))
    about_alice, about_bob = mark(newer, NOW), mark(replace(ALICE, user="bob"), NOW)
    assert to_query([(about_alice, ALICE), (about_bob, reader)], NOW) == {"alice", "bob"}
    assert to_query([(about_alice, newer), (about_bob, reader)], NOW) == {"bob"}
    assert to_query([(about_alice, ALICE)], NOW) == {"alice"}


def test_a_sender_who_is_behind_makes_nobody_ask() -> None:
    behind = replace(ALICE, list=replace(LIST, timestamp=LISTED - 1, valid_indexes=(0, 3)))
    assert to_query([(mark(behind, NOW), ALICE)], NOW) == frozenset()
