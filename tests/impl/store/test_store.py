"""What every store promises, on each of them."""

from collections.abc import MutableMapping

import pytest

from impl.address import Address
from impl.sessions import PrekeyBundle
from impl.store import Store

ALICE = Address("alice", 0)
BUNDLE = PrekeyBundle(1, b"identity", 2, b"prekey", b"signature", 3, b"one-time")


class Interrupted(Exception):
    pass


@pytest.fixture
def numbers(store: Store) -> MutableMapping[str, int]:
    table = store.table("numbers", str, int)
    with store.transaction():
        table.update(one=1, two=2, three=3)
    return table


def test_a_row_is_read_as_it_was_written(store: Store) -> None:
    bundles = store.table("bundles", tuple[str, Address], PrekeyBundle)
    with store.transaction():
        bundles["a", ALICE] = BUNDLE
    assert bundles["a", ALICE] == BUNDLE
    assert list(bundles.items()) == [(("a", ALICE), BUNDLE)]
    assert ("a", ALICE) in bundles and ("b", ALICE) not in bundles
    with pytest.raises(KeyError):
        bundles["b", ALICE]


def test_rows_come_in_the_order_in_which_their_keys_were_first_written(
    store: Store, numbers: MutableMapping[str, int]
) -> None:
    with store.transaction():
        numbers["one"] = 11
        del numbers["two"]
        numbers["zero"] = 0
        numbers["two"] = 22
    assert list(numbers.items()) == [("one", 11), ("three", 3), ("zero", 0), ("two", 22)]
    assert (list(numbers), list(numbers.values()), len(numbers)) == (["one", "three", "zero", "two"], [11, 3, 0, 22], 4)


def test_tables_are_told_apart_by_their_name(store: Store, numbers: MutableMapping[str, int]) -> None:
    others = store.table("others", str, int)
    assert not others
    with store.transaction():
        others["one"] = 5
        numbers.clear()
    assert dict(others) == {"one": 5} and not numbers
    assert store.table("others", str, int)["one"] == 5


def test_what_an_exception_leaves_did_not_happen(store: Store, numbers: MutableMapping[str, int]) -> None:
    with pytest.raises(Interrupted), store.transaction():
        del numbers["one"]
        numbers["two"] = 22
        numbers["four"] = 4
        store.table("new", str, int)["one"] = 1
        numbers.clear()
        raise Interrupted
    assert list(numbers.items()) == [("one", 1), ("two", 2), ("three", 3)]
    assert not store.table("new", str, int)


def test_a_table_that_was_first_used_in_what_did_not_happen_is_usable(store: Store) -> None:
    with pytest.raises(Interrupted), store.transaction():
        table = store.table("new", str, int)
        raise Interrupted
    assert "one" not in table
    with store.transaction():
        table["one"] = 1
    assert table["one"] == 1


def test_a_transaction_inside_another_can_fail_alone(store: Store, numbers: MutableMapping[str, int]) -> None:
    with store.transaction():
        numbers["four"] = 4
        with pytest.raises(Interrupted), store.transaction():
            numbers["five"] = 5
            with store.transaction():
                numbers["one"] = 11
            raise Interrupted
        with store.transaction():
            numbers["six"] = 6
    assert list(numbers) == ["one", "two", "three", "four", "six"]
    assert numbers["one"] == 1


def test_a_transaction_takes_those_inside_with_it(store: Store, numbers: MutableMapping[str, int]) -> None:
    with pytest.raises(Interrupted), store.transaction():
        with store.transaction():
            del numbers["two"]
        raise Interrupted
    assert list(numbers) == ["one", "two", "three"]


def test_writes_outside_a_transaction_are_refused(store: Store, numbers: MutableMapping[str, int]) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        numbers["four"] = 4
    with pytest.raises(RuntimeError, match="outside a transaction"):
        del numbers["one"]
    with pytest.raises(RuntimeError, match="outside a transaction"):
        numbers.clear()
    assert list(numbers) == ["one", "two", "three"]


def test_a_cleared_store_is_empty_and_usable(store: Store, numbers: MutableMapping[str, int]) -> None:
    others = store.table("others", str, int)
    with pytest.raises(Interrupted), store.transaction():
        store.clear()
        assert not numbers
        raise Interrupted
    with store.transaction():
        others["one"] = 1
        store.clear()
        numbers["four"] = 4
    assert not others and list(numbers) == ["four"]
    with pytest.raises(RuntimeError, match="outside a transaction"):
        store.clear()


def test_what_is_not_there_cannot_be_deleted(store: Store, numbers: MutableMapping[str, int]) -> None:
    with store.transaction(), pytest.raises(KeyError):
        del numbers["four"]


def test_what_a_table_says_of_a_key_that_may_be_missing(store: Store, numbers: MutableMapping[str, int]) -> None:
    assert numbers.get("four", 5) == 5
    with store.transaction():
        assert (numbers.setdefault("one", 7), numbers.setdefault("four", 4)) == (1, 4)
        assert numbers.pop("two", None) == 2 and numbers.pop("two", None) is None
    assert list(numbers) == ["one", "three", "four"]


def test_a_copy_goes_its_own_way(store: Store, numbers: MutableMapping[str, int]) -> None:
    copy = store.copy()
    assert copy == store
    copied = copy.table("numbers", str, int)
    with store.transaction():
        numbers["four"] = 4
    assert list(copied) == ["one", "two", "three"] and copy != store
    with copy.transaction():
        copied.clear()
    assert list(numbers) == ["one", "two", "three", "four"]


def test_stores_are_equal_when_their_rows_are(store: Store, numbers: MutableMapping[str, int]) -> None:
    """Neither the order of rows counts, nor a table that was once written to and is empty."""
    copy = store.copy()
    with copy.transaction():
        copied = copy.table("numbers", str, int)
        one = copied.pop("one")
        copied["one"] = one
        copy.table("more", str, int)["one"] = 1
    assert copy != store
    with copy.transaction():
        del copy.table("more", str, int)["one"]
    assert copy == store


def test_a_copy_has_a_transaction_of_its_own(store: Store, numbers: MutableMapping[str, int]) -> None:
    with store.transaction():
        copy = store.copy()
        with pytest.raises(RuntimeError):
            copy.table("numbers", str, int)["four"] = 4
