import gzip
import zlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.payload import COMPRESSED_FROM, decode, encode, encode_for_client

LIMIT = 16 << 20


@given(st.binary())
def test_decoding_undoes_encoding(node: bytes) -> None:
    assert encode(node)[0] == 0
    assert decode(encode(node)) == node


@given(st.binary())
def test_servers_compress(node: bytes) -> None:
    assert decode(b"\x02" + zlib.compress(node)) == node


@pytest.mark.parametrize(
    ("node", "flags"),
    [
        (bytes(COMPRESSED_FROM - 1), 0),
        (bytes(COMPRESSED_FROM), 2),
        (Random(0).randbytes(COMPRESSED_FROM), 0),
        (bytes(60000), 2),
        (bytes(1 << 20), 0),
    ],
    ids=["short", "long", "incompressible", "within the free size", "more than a reader inflates"],
)
def test_what_servers_compress(node: bytes, flags: int) -> None:
    assert encode_for_client(node)[0] == flags
    assert decode(encode_for_client(node)) == node


@pytest.mark.parametrize("flags", [1, 3, 4, 0x80, 0x82, 0xFF])
def test_other_flags_are_refused(flags: int) -> None:
    with pytest.raises(DecodeError, match=f"no flags '{flags:02x}'"):
        decode(bytes((flags,)) + zlib.compress(b"node"))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x02",
        b"\x02node",
        b"\x02" + zlib.compress(b"node")[:-1],
        b"\x02" + zlib.compress(b"node") + b"\x00",
        b"\x02" + zlib.compress(b"node") * 2,
        b"\x02" + gzip.compress(b"node"),
    ],
    ids=["nothing", "no stream", "no zlib", "cut short", "a byte more", "two streams", "gzip"],
)
def test_each_rule_is_kept(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload)


@pytest.mark.parametrize("level", [None, 0])
def test_a_node_has_16_mib_at_most(level: int | None) -> None:
    def payload(size: int) -> bytes:
        return encode(bytes(size)) if level is None else b"\x02" + zlib.compress(bytes(size), level)

    assert len(decode(payload(LIMIT))) == LIMIT
    with pytest.raises(DecodeError, match=f"{LIMIT}"):
        decode(payload(LIMIT + 1))


def test_a_bomb_is_refused() -> None:
    with pytest.raises(DecodeError, match="inflates beyond"):
        decode(b"\x02" + zlib.compress(bytes(1 << 20)))
