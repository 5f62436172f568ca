from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.qr import CLIENT_TYPES, LIMIT, PREFIX, Qr

KEYS = st.binary(min_size=32, max_size=32)
REFS = st.text("".join(map(chr, range(0x20, 0x7F))), min_size=1, max_size=200).filter(lambda ref: "#" not in ref)
QR = Qr("2@ref", b"\x01" * 32, b"\x02" * 32, b"\x03" * 32, "1")


@given(REFS, KEYS, KEYS, KEYS, st.sampled_from(sorted(CLIENT_TYPES)))
def test_decoding_undoes_encoding(ref: str, noise: bytes, identity: bytes, secret: bytes, kind: str) -> None:
    qr = Qr(ref, noise, identity, secret, kind)
    assert Qr.decode(qr.encode()) == qr


def test_a_reference_may_hold_commas() -> None:
    qr = replace(QR, ref="2@a,b,,c")
    assert Qr.decode(qr.encode()) == qr


def test_the_url_may_be_missing() -> None:
    assert Qr.decode(QR.encode().removeprefix(PREFIX)) == QR


@pytest.mark.parametrize("url", [PREFIX, ""])
def test_the_limit_counts_the_url_even_where_it_is_missing(url: str) -> None:
    longest = replace(QR, ref="r" * (LIMIT - len(QR.encode()) + len(QR.ref)))
    assert len(longest.encode()) == LIMIT
    assert Qr.decode(url + longest.encode().removeprefix(PREFIX)) == longest
    too_long = replace(longest, ref=longest.ref + "r")
    with pytest.raises(DecodeError):
        Qr.decode(url + too_long.encode().removeprefix(PREFIX))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2@ref,", ""),
        ("2@ref", ""),
        (",1", ""),
        (",1", ","),
        (",1", ",a"),
        (",1", ",1,"),
        (",1", ",12"),
        ("AgIC", "AgI"),
        ("AgIC", "Ag-C"),
        ("AgIC", "Ag\nIC"),
        ("AgI=", "AgJ="),
        ("AgI=", "AgICAgI="),
        ("2@ref", "2@" + "r" * 400),
        ("2@ref", "2@é"),
        ("2@ref", "2@\ud800"),
        ("2@ref", "2@\n"),
        ("https://wa.me/", "https://example.org/"),
    ],
)
def test_a_change_of_form_is_refused(old: str, new: str) -> None:
    text = QR.encode()
    assert old in text
    with pytest.raises(DecodeError):
        Qr.decode(text.replace(old, new, 1))


@given(st.text(alphabet="2@ref,AgIC=1/é", max_size=200) | st.text())
def test_any_text_gives_a_value_or_an_error(text: str) -> None:
    try:
        Qr.decode(text)
    except DecodeError as error:
        assert "\n" not in str(error)
