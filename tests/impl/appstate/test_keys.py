import pytest

from impl.appstate.keys import EPOCH_LIMIT, check_not_replaced, newest, successor
from impl.wire.appstate import KeyId
from tests.impl.appstate.states import NEW, OLD, refused


@pytest.mark.parametrize(
    ("keys", "active"),
    [
        ([], None),
        ([OLD, NEW], NEW),
        ([KeyId(2, 5), KeyId(1, 5), KeyId(3, 5)], KeyId(1, 5)),
        ([KeyId(1, 4), KeyId(9, 5)], KeyId(9, 5)),
    ],
)
def test_the_newest_key(keys: list[KeyId], active: KeyId | None) -> None:
    assert newest(keys) == active


def test_rotation_leads_to_the_newest_key() -> None:
    first = successor(None, 7)
    second = successor(first, 9)
    assert newest([first, second]) == second


def test_the_last_epoch_has_no_successor() -> None:
    assert successor(KeyId(0, EPOCH_LIMIT - 1), 1) == KeyId(1, EPOCH_LIMIT)
    with refused("epochs_exhausted"):
        successor(KeyId(0, EPOCH_LIMIT), 1)


def test_a_key_is_learned_once() -> None:
    check_not_replaced(None, OLD, b"o" * 32)
    check_not_replaced(b"o" * 32, OLD, b"o" * 32)
    with refused("key_replaced"):
        check_not_replaced(b"o" * 32, OLD, b"x" * 32)
