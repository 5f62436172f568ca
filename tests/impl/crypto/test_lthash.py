from hypothesis import given
from hypothesis import strategies as st

from impl.crypto.lthash import EMPTY, SIZE, add, subtract
from tests.vectors import load

FOREIGN = load("foreign")["lthash"]
VALUES = [bytes.fromhex(value) for value in FOREIGN["values"]]
ITEMS = st.lists(st.binary(max_size=40), max_size=4)


def test_sums_made_elsewhere() -> None:
    everything = add(EMPTY, VALUES)
    assert everything.hex() == FOREIGN["sum_of_all"]
    assert subtract(everything, VALUES[1:2]).hex() == FOREIGN["without_second"]


@given(ITEMS, ITEMS)
def test_order_does_not_matter_and_what_is_taken_out_leaves_no_trace(some: list[bytes], others: list[bytes]) -> None:
    state = add(add(EMPTY, others), some)
    assert state == add(EMPTY, some + others)
    assert subtract(state, others) == add(EMPTY, some)


def test_a_state_has_128_bytes_also_below_nothing() -> None:
    assert len(subtract(EMPTY, VALUES)) == SIZE
    assert add(subtract(EMPTY, VALUES), VALUES) == EMPTY
