import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.base64url import decode, encode
from impl.wire.errors import DecodeError


@given(st.binary(max_size=40))
def test_decoding_undoes_encoding_with_padding_and_without(value: bytes) -> None:
    text = encode(value)
    assert decode(text, len(value), "value") == value
    assert decode(text + "=" * (-len(text) % 4), len(value), "value") == value


@given(st.text(max_size=12), st.integers(0, 9))
def test_any_text_gives_so_many_bytes_or_an_error(text: str, size: int) -> None:
    try:
        assert len(decode(text, size, "value")) == size
    except DecodeError as error:
        assert error.where == "value"


@pytest.mark.parametrize("text", ["+/+/", "AAA==", "AA=", "=", "A", "AAAA=", "AA A", "AA=A", "AÁA", "AAAA\n"])
def test_no_other_alphabet_and_no_other_padding(text: str) -> None:
    with pytest.raises(DecodeError, match="value: not base64url"):
        decode(text, 3, "value")
