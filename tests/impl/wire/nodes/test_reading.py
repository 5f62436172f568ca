"""What is not taken, and how much at most. In hex `f801fc0178` is `<x/>`, `f803fc0178fc0161…` is `<x a=…/>`."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, decode, encode

X = "fc0178"
A = "fc0161"


def nested(depth: int) -> Node:
    return reduce(lambda inside, _: Node("x", content=(inside,)), range(depth - 1), Node("x"))


def wide(nodes: int) -> Node:
    """A root, two lists, and the rest in them."""
    inside = nodes - 3
    halves = (inside // 2, inside - inside // 2)
    return Node("x", content=tuple(Node("x", content=(Node("x"),) * half) for half in halves))


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("f802" + X + "05", "participant"),
        ("f802" + X + "ec00", "read-self"),
        ("f802" + X + "ff0112", "12"),
        ("f802" + X + "fb0112", "12"),
        ("f802" + X + "fc0112", b"\x12"),
        ("f802" + X + "fd00000112", b"\x12"),
        ("f802" + X + "fe0000000112", b"\x12"),
        ("f802" + X + "fcc0" + "ff" * 192, b"\xff" * 192),
        ("f802" + X + "00", ()),
        ("f802" + X + "f800", ()),
        ("f802" + X + "f90000", ()),
        ("f802" + X + "f801f801" + X, (Node("x"),)),
        ("f90002" + X + "f90001f90001" + X, (Node("x"),)),
        ("f801" + X, None),
    ],
)
def test_any_form_of_a_content_is_taken(written: str, content: object) -> None:
    assert decode(bytes.fromhex(written)) == Node("x", content=content)


@pytest.mark.parametrize("written", ["0161", "", None])
@pytest.mark.parametrize("form", ["fc{:02x}", "fd{:06x}", "fe{:08x}"])
def test_any_form_of_a_text_is_taken(written: str | None, form: str) -> None:
    if written is None:
        assert decode(bytes.fromhex("f803" + X + A + "00")).attrs == {"a": ""}
        return
    text = bytes.fromhex(written)
    assert decode(bytes.fromhex("f803" + X + A + form.format(len(text)) + written)).attrs == {"a": text.decode()}


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "cut short"),
        ("00", "empty list"),
        ("f800", "empty list"),
        ("f90000", "empty list"),
        ("03", "begins no list"),
        (X, "begins no list"),
        ("f80100", "empty tag"),
        ("f801fc00", "empty tag"),
        ("f801fa0003", "begins no text"),
        ("f803" + X + "00" + A, "empty key"),
        ("f803" + X + "fa0003" + A, "begins no text"),
        ("f803" + X + A + "f801" + X, "begins no text"),
        ("f805" + X + A + A + A + A, "'a' twice"),
        ("f805" + X + "08" + A + "fc026964" + A, "'id' twice"),
        ("f801" + X + "00", "1 bytes after it"),
        ("f801" + X + "f801" + X, "5 bytes after it"),
        ("f802" + X, "cut short"),
        ("f803" + X + A, "cut short"),
        ("f805" + X, "5 items in 3 bytes"),
        ("f9ffff" + X, "65535 items in 3 bytes"),
        ("f802" + X + "f902" + "00", "512 items in 0 bytes"),
        ("f802" + X + "f9", "cut short"),
        ("f802" + X + "f801", "1 items in 0 bytes"),
        ("f802" + X + "f801" + X, "begins no list"),
        ("f802" + X + "fc02aa", "cut short"),
        ("f802" + X + "fd000002aa", "cut short"),
        ("f802" + X + "fd100000", "20 bits"),
        ("f802" + X + "fe00000002aa", "cut short"),
        ("f802" + X + "fe80000000aa", "cut short"),
        ("f802" + X + "fefffffffbaa", "cut short"),
        ("f802" + X + "ec", "cut short"),
        ("f802" + X + "ff", "cut short"),
        ("f802" + X + "ff0211", "cut short"),
        ("f802" + X + "ff80", "0 characters"),
        ("f802" + X + "ff00", "0 characters"),
        ("f802" + X + "ff011c", "stands for nothing"),
        ("f802" + X + "ff8111", "filler"),
        ("f803" + X + A + "fc01ff", "UTF-8"),
        ("f803" + X + A + "fc03eda080", "UTF-8"),
        ("f803" + X + A + "fc02c0af", "UTF-8"),
        ("f801fc01ff", "UTF-8"),
    ]
    + [(f"f802{X}{tag:02x}", f"{tag} begins no text") for tag in range(240, 245)],
)
def test_each_rule_is_kept(written: str, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode(bytes.fromhex(written))


def test_nodes_stand_64_deep_at_most() -> None:
    assert decode(encode(nested(64))) == nested(64)
    with pytest.raises(DecodeError, match="64 nodes inside each other"):
        decode(encode(nested(65)))


def test_a_bomb_of_lists_is_refused_before_the_stack_ends() -> None:
    with pytest.raises(DecodeError, match="64 nodes inside each other"):
        decode(bytes.fromhex("f80203f801") * 20_000)


def test_a_tree_has_65536_nodes_at_most() -> None:
    assert decode(encode(wide(65536))) == wide(65536)
    with pytest.raises(DecodeError, match="more than 65536 nodes"):
        decode(encode(wide(65537)))


def test_a_length_may_take_all_20_bits() -> None:
    longest = bytes((1 << 20) - 1)
    assert decode(bytes.fromhex("f802" + X + "fd0fffff") + longest).content == longest


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    for written in (data, b"\xf8\x02\x03" + data, b"\xf8\x03\x03\x04" + data):
        try:
            decode(written)
        except DecodeError as error:
            assert "\n" not in str(error)
