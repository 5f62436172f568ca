from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.crypto.entropy import seeded
from impl.wire.errors import DecodeError
from impl.wire.padding import pad, unpad


@given(st.binary(min_size=1), st.binary())
def test_unpadding_undoes_padding(message: bytes, seed: bytes) -> None:
    assert unpad(pad(message, seeded(seed))) == message


def test_every_length_from_one_to_sixteen_is_drawn() -> None:
    entropy = seeded(b"")
    assert {len(pad(b"", entropy)) for _ in range(400)} == set(range(1, 17))


@pytest.mark.parametrize(
    "padded",
    [b"", b"text\x00", b"text\x11" + b"\x11" * 16, b"t\x02\x02\x03\x03", b"\x01", b"\x03\x03", b"\x02\x02"],
    ids=["empty", "zero", "seventeen", "unequal", "nothing left", "longer than all", "all of it"],
)
def test_other_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(DecodeError):
        unpad(padded)


@given(st.binary(max_size=40))
def test_any_bytes_give_a_prefix_or_an_error(data: bytes) -> None:
    with suppress(DecodeError):
        assert data.startswith(unpad(data))
