"""How a class says what it keeps."""

import pytest

from impl.store import Maybe, Store, Table, Value, atomic


class Shop:
    prices = Table(str, int)
    name = Value(str)
    owner = Maybe(str)

    def __init__(self, store: Store) -> None:
        self.store = store

    @atomic
    def open(self, name: str, owner: str | None = None) -> str:
        """Says so."""
        self.name = name
        self.owner = owner
        self.prices["bread"] = 3
        if not name:
            raise ValueError("a shop has a name")
        return f"{name} is open"


def test_values_are_there_for_whoever_opens_the_store_next(store: Store) -> None:
    assert Shop(store).open("Bakery", "Ada") == "Bakery is open"
    shop = Shop(store)
    assert (shop.name, shop.owner, dict(shop.prices)) == ("Bakery", "Ada", {"bread": 3})


def test_an_atomic_step_happens_as_a_whole(store: Store) -> None:
    shop = Shop(store)
    with pytest.raises(ValueError):
        shop.open("")
    assert not shop.prices and shop.owner is None
    with pytest.raises(AttributeError, match="name was never set"):
        _ = shop.name
    assert shop.open.__doc__ == "Says so."


def test_a_value_that_may_be_missing_can_be_taken_away(store: Store) -> None:
    shop = Shop(store)
    assert shop.owner is None
    shop.open("Bakery", "Ada")
    shop.open("Bakery", None)
    assert shop.owner is None and Shop(store).owner is None


def test_a_table_is_changed_by_its_rows(store: Store) -> None:
    with pytest.raises(TypeError, match="change its rows"):
        Shop(store).prices = {}


def test_a_write_needs_a_transaction(store: Store) -> None:
    shop = Shop(store)
    for attribute, value in (("name", "Bakery"), ("owner", "Ada")):
        with pytest.raises(RuntimeError):
            setattr(shop, attribute, value)


def test_two_keepers_of_one_store_see_the_same(store: Store) -> None:
    one, other = Shop(store), Shop(store)
    one.open("Bakery")
    with store.transaction():
        other.prices["roll"] = 1
    assert dict(one.prices) == {"bread": 3, "roll": 1}


def test_the_class_shows_its_declarations() -> None:
    assert (Shop.prices.name, Shop.prices.key, Shop.prices.value, Shop.name.kind) == ("prices", str, int, str)
