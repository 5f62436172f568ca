import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.nodes.packed import pack, unpack
from impl.wire.nodes.tags import HEX_8, NIBBLE_8

TEXTS = st.text("0123456789-.", min_size=1, max_size=127) | st.text("0123456789ABCDEF", min_size=1, max_size=127)


@given(TEXTS)
def test_unpacking_undoes_packing(text: str) -> None:
    packed = pack(text)
    assert packed is not None
    tag, head = packed[:2]
    assert unpack(tag, head >= 128, packed[2:]) == text
    assert head % 128 == len(packed[2:]) == (len(text) + 1) // 2


@pytest.mark.parametrize(
    ("text", "packed"),
    [("12", "ff0112"), ("-1.5", "ff02a1b5"), ("123", "ff82123f"), ("3EB", "fb823ebf"), ("ABCDEF", "fb03abcdef")],
)
def test_digits_prefer_nibbles_and_capitals_are_hex(text: str, packed: str) -> None:
    assert pack(text) == bytes.fromhex(packed)


@pytest.mark.parametrize("text", ["", "abc", "A-", "A.", "１", "1 ", "G", "0" * 128])
def test_other_texts_do_not_pack(text: str) -> None:
    assert pack(text) is None


@pytest.mark.parametrize("digit", "cdef")
def test_half_bytes_without_a_meaning_are_refused(digit: str) -> None:
    with pytest.raises(DecodeError, match="stands for nothing"):
        unpack(NIBBLE_8, False, bytes.fromhex("1" + digit))
    assert unpack(HEX_8, False, bytes.fromhex("1" + digit)) == "1" + digit.upper()


@pytest.mark.parametrize("tag", [NIBBLE_8, HEX_8])
def test_the_filler_is_15(tag: int) -> None:
    assert unpack(tag, True, b"\x1f") == "1"
    with pytest.raises(DecodeError, match="filler"):
        unpack(tag, True, b"\x10")


@pytest.mark.parametrize("tag", [NIBBLE_8, HEX_8])
@pytest.mark.parametrize("odd", [False, True])
def test_a_packed_text_is_not_empty(tag: int, odd: bool) -> None:
    with pytest.raises(DecodeError, match="0 characters"):
        unpack(tag, odd, b"")


def test_a_packed_text_has_127_characters_at_most() -> None:
    assert unpack(NIBBLE_8, True, bytes(63) + b"\x0f") == "0" * 127
    with pytest.raises(DecodeError, match="128 characters"):
        unpack(NIBBLE_8, False, bytes(64))
