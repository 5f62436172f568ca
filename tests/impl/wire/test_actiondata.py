import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.actiondata import INDEX_LIMIT, LIMIT, PART_LIMIT, ActionData, encode_index, parse_index
from impl.wire.errors import DecodeError

PARTS = st.lists(st.text(max_size=20), min_size=1, max_size=PART_LIMIT).map(tuple)
ACTIONS = st.builds(ActionData, PARTS.map(encode_index), st.binary(), st.integers(-(2**31), 2**31 - 1))


@given(ACTIONS)
def test_decoding_undoes_encoding(action: ActionData) -> None:
    assert ActionData.decode(action.encode()) == action


@given(PARTS)
def test_an_index_is_its_parts(parts: tuple[str, ...]) -> None:
    assert parse_index(encode_index(parts)) == parts


def test_real_field_numbers() -> None:
    action = ActionData(b'["mute","\xc3\xa4"]', b"\x08\x01", 2)
    assert action.parts == ("mute", "ä")
    assert action.encode().hex() == "0a0d" + action.index.hex() + "12020801" + "1a00" + "2002"


def test_padding_and_what_is_unknown_are_dropped() -> None:
    action = ActionData(b'["a"]', b"\x9a\x06\x00", 1)
    assert ActionData.decode(action.encode() + b"\x1a\x03xyz" + b"\x9a\x06\x00") == action


def test_a_value_may_be_left_out() -> None:
    assert ActionData.decode(b'\x0a\x05["a"]') == ActionData(b'["a"]', b"", 0)


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"mute",
        b'"mute"',
        b'{"mute": 1}',
        b"[]",
        b'["mute",1]',
        b'["mute",["x"]]',
        b'["mute"',
        b'["mute"]]',
        b'["\xff"]',
        b'["\\ud800"]',
        b'["a\nb"]',
        '["mute"]'.encode("utf-16"),
        b'\xef\xbb\xbf["mute"]',
        b"[" * INDEX_LIMIT,
        b"[" + b"1" * (INDEX_LIMIT - 2) + b"]",
    ],
)
def test_other_indexes_are_refused(index: bytes) -> None:
    with pytest.raises(DecodeError):
        ActionData.decode(ActionData(index, b"", 1).encode())


def test_an_index_is_required() -> None:
    with pytest.raises(DecodeError):
        ActionData.decode(b"\x12\x00")


@pytest.mark.parametrize(("parts", "fits"), [(1, True), (PART_LIMIT, True), (PART_LIMIT + 1, False)])
def test_parts_are_counted(parts: int, fits: bool) -> None:
    index = json.dumps(["x"] * parts).encode()
    if fits:
        assert len(parse_index(index)) == parts
    else:
        with pytest.raises(DecodeError):
            parse_index(index)


def test_bytes_are_counted() -> None:
    assert parse_index(encode_index(("x" * (INDEX_LIMIT - 4),)))
    with pytest.raises(DecodeError):
        parse_index(encode_index(("x" * (INDEX_LIMIT - 3),)))
    with pytest.raises(DecodeError, match="limit"):
        ActionData.decode(bytes(LIMIT + 1))


@given(st.binary(max_size=40))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    for encoded in (data, ActionData(data, b"", 1).encode(), ActionData(b"[" + data + b"]", b"", 1).encode()):
        try:
            ActionData.decode(encoded)
        except DecodeError as error:
            assert "\n" not in str(error)
