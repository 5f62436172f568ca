"""The form of a phone that registers: field by field."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.phone_registration import FIELD_LIMIT, FORM_LIMIT, PhoneRegistration, decode, encode

NUMBER = st.integers(10**6, 10**15 - 1).map(str)
PHONE = PhoneRegistration("15550001001", bytes([1]) * 32, 7, bytes([2]) * 32, 9, bytes([3]) * 32, bytes([4]) * 64)
FORM = dict(parse_qsl(encode(PHONE).decode()))


def changed(**fields: str | None) -> bytes:
    return urlencode({name: value for name, value in {**FORM, **fields}.items() if value is not None}).encode()


@given(
    NUMBER,
    *[st.binary(min_size=32, max_size=32)] * 3,
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**24 - 1),
    st.binary(min_size=64, max_size=64),
)
def test_decoding_undoes_encoding(
    user: str, noise: bytes, identity: bytes, prekey: bytes, id: int, prekey_id: int, signature: bytes
) -> None:
    registration = PhoneRegistration(user, noise, id, identity, prekey_id, prekey, signature)
    assert decode(encode(registration)) == registration


def test_the_fields_are_those_of_mobile_clients() -> None:
    assert FORM["e_regid"] == "AAAABw"
    assert FORM["e_keytype"] == "BQ"
    assert FORM["e_skey_id"] == "AAAJ"
    assert FORM["cc"] + FORM["in"] == "15550001001"
    assert set(FORM) == {
        "cc",
        "in",
        "authkey",
        "e_regid",
        "e_keytype",
        "e_ident",
        "e_skey_id",
        "e_skey_val",
        "e_skey_sig",
    }


def test_padding_and_other_fields_do_not_matter() -> None:
    assert decode(changed(e_ident=FORM["e_ident"] + "=", lg="en", code="", cc="155", **{"in": "50001001"})) == PHONE


@pytest.mark.parametrize("name", list(FORM))
def test_no_field_may_be_absent_or_twice(name: str) -> None:
    with pytest.raises(DecodeError, match=f"{name}: absent"):
        decode(changed(**{name: None}))
    with pytest.raises(DecodeError, match="form: a field twice"):
        decode(encode(PHONE) + f"&{name}={FORM[name]}".encode())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"e_keytype": "Bg"}, "e_keytype: not the type of an X25519 key"),
        ({"e_ident": FORM["e_skey_sig"]}, "e_ident: 64 bytes, must be 32"),
        ({"e_ident": FORM["e_ident"] + "=="}, "e_ident: not base64url"),
        ({"e_ident": "a" + FORM["e_ident"][1:-1] + "é"}, "e_ident: not base64url"),
        ({"authkey": "+" * 43}, "authkey: not base64url"),
        ({"e_regid": "a"}, "e_regid: not base64url"),
        ({"e_skey_id": ""}, "e_skey_id: 0 bytes, must be 3"),
        ({"cc": "0"}, "cc: not a part of a number"),
        ({"cc": "1555"}, "cc: not a part of a number"),
        ({"in": "55"}, "in: not a part of a number"),
        ({"cc": "155", "in": "5" * 13}, "in: 16 digits, the limit is 15"),
        ({"in": "١٢٣٤"}, "in: not a part of a number"),
    ],
)
def test_each_field_is_checked(fields: dict[str, str], why: str) -> None:
    with pytest.raises(DecodeError) as refusal:
        decode(changed(**fields))
    assert str(refusal.value) == why


@pytest.mark.parametrize(
    "form", [b"cc", b"\xff=1", b"&".join(b"%d=" % n for n in range(FIELD_LIMIT + 1)), b"a=" + bytes(FORM_LIMIT)]
)
def test_what_is_no_form(form: bytes) -> None:
    with pytest.raises(DecodeError, match="form: "):
        decode(form)
