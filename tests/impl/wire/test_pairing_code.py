import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.pairing_code import (
    ALPHABET,
    CODE_LENGTH,
    CODE_SIZE,
    TYPED_LIMIT,
    KeyBundle,
    PairingCode,
    WrappedBundle,
    WrappedKey,
)
from tests.vectors import load

Codec = type[WrappedKey | WrappedBundle | KeyBundle]


@pytest.mark.parametrize("vector", load("pairing")["codes"], ids=lambda vector: vector["code"])
def test_foreign_codes(vector: dict[str, str]) -> None:
    assert PairingCode(bytes.fromhex(vector["value"])).secret.decode() == vector["code"]


@given(st.binary(min_size=CODE_SIZE, max_size=CODE_SIZE))
def test_decoding_undoes_encoding(value: bytes) -> None:
    assert PairingCode.decode(PairingCode(value).encode()) == PairingCode(value)


@given(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_any_characters_of_the_alphabet_may_be_chosen(chosen: str) -> None:
    assert PairingCode.decode(chosen).secret == chosen.encode()


@pytest.mark.parametrize("typed", ["ABCD-2345", "abcd2345", " AbCd – 23_45\n", "A.B.C.D.2.3.4.5"])
def test_what_people_type(typed: str) -> None:
    assert PairingCode.decode(typed).encode() == "ABCD-2345"


@pytest.mark.parametrize(
    "typed", ["", "ABCD-234", "ABCD-23456", "ABCD-234é", "éABCD-2345", "ABCD-234ſ", "ABCD-234ﬆ", "ABCD-234٣"]
)
def test_other_text_is_no_code(typed: str) -> None:
    with pytest.raises(DecodeError):
        PairingCode.decode(typed)


@pytest.mark.parametrize("character", "0IOUiou")
def test_characters_that_are_easily_confused_are_in_no_code(character: str) -> None:
    with pytest.raises(DecodeError):
        PairingCode.decode("ABCD234" + character)


def test_the_limit_of_what_is_typed() -> None:
    longest = "ABCD2345".ljust(TYPED_LIMIT)
    PairingCode.decode(longest)
    with pytest.raises(DecodeError):
        PairingCode.decode(longest + " ")


@given(st.text("1AZaz-ßéıſ ٣"))
def test_any_text_gives_a_code_or_an_error(text: str) -> None:
    try:
        code = PairingCode.decode(text)
    except DecodeError:
        return
    assert len(code.value) == CODE_SIZE


SIZES = pytest.mark.parametrize(("codec", "size"), [(WrappedKey, 80), (WrappedBundle, 156), (KeyBundle, 96)])


@SIZES
def test_exact_sizes(codec: Codec, size: int) -> None:
    data = bytes(range(size))
    assert codec.decode(data).encode() == data
    for length in (0, size - 1, size + 1):
        with pytest.raises(DecodeError):
            codec.decode(bytes(length))


def test_where_the_parts_begin() -> None:
    data = bytes(range(156))
    key = WrappedKey.decode(data[:80])
    assert (key.salt, key.counter, key.sealed) == (data[:32], data[32:48], data[48:80])
    wrapped = WrappedBundle.decode(data)
    assert (wrapped.salt, wrapped.nonce, wrapped.sealed) == (data[:32], data[32:44], data[44:])
    bundle = KeyBundle.decode(data[:96])
    assert (bundle.companion, bundle.primary, bundle.secret) == (data[:32], data[32:64], data[64:96])
