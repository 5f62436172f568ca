from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.pb import security_code_pb2 as pb
from impl.wire.security_code import FINGERPRINT_SIZE, SIZE, CombinedFingerprints

FINGERPRINTS = st.binary(min_size=FINGERPRINT_SIZE, max_size=FINGERPRINT_SIZE)
# libsignal, rust/protocol/src/fingerprint.rs, fingerprint_encodings and fingerprint_test_v1
KNOWN = CombinedFingerprints(b"\x12" * 32, b"\xba" * 32)
ENCODED = bytes.fromhex("080112220a20" + "12" * 32 + "1a220a20" + "ba" * 32)


@given(FINGERPRINTS, FINGERPRINTS)
def test_decoding_undoes_encoding(local: bytes, remote: bytes) -> None:
    code = CombinedFingerprints(local, remote)
    assert CombinedFingerprints.decode(code.encode()) == code


def test_the_bytes_are_those_of_libsignal() -> None:
    assert KNOWN.encode() == ENCODED
    assert len(ENCODED) == SIZE


def logical(size: int) -> pb.LogicalFingerprint:
    return pb.LogicalFingerprint(content=bytes(size))


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (pb.CombinedFingerprints(localFingerprint=logical(32), remoteFingerprint=logical(32)), "version"),
        (pb.CombinedFingerprints(version=1, remoteFingerprint=logical(32)), "localFingerprint"),
        (pb.CombinedFingerprints(version=1, localFingerprint=logical(32)), "remoteFingerprint"),
        (pb.CombinedFingerprints(version=0, localFingerprint=logical(32), remoteFingerprint=logical(32)), "version"),
        (pb.CombinedFingerprints(version=2, localFingerprint=logical(32), remoteFingerprint=logical(32)), "version"),
        (pb.CombinedFingerprints(version=1, localFingerprint=logical(31), remoteFingerprint=logical(32)), "content"),
        (pb.CombinedFingerprints(version=1, localFingerprint=logical(32), remoteFingerprint=logical(31)), "content"),
        (pb.CombinedFingerprints(version=1, localFingerprint=logical(33), remoteFingerprint=logical(31)), "content"),
        (
            pb.CombinedFingerprints(version=1, localFingerprint=pb.LogicalFingerprint(), remoteFingerprint=logical(32)),
            "content",
        ),
    ],
)
def test_each_field_is_needed_and_of_its_size(message: pb.CombinedFingerprints, where: str) -> None:
    with pytest.raises(DecodeError) as error:
        CombinedFingerprints.decode(message.SerializeToString())
    assert error.value.where.endswith(f".{where}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ENCODED[:-1],
        ENCODED + b"\x00",
        ENCODED + b"\x08\x01",
        ENCODED[2:] + ENCODED[:2],
        b"\x08\x81\x00" + ENCODED[2:],
        ENCODED * 1000,
    ],
    ids=["empty", "torn", "trailing", "twice", "other order", "long varint", "huge"],
)
def test_a_code_has_one_encoding(data: bytes) -> None:
    with pytest.raises(DecodeError):
        CombinedFingerprints.decode(data)


def flipped(at: int, bit: int) -> bytes:
    return ENCODED[:at] + bytes([ENCODED[at] ^ 1 << bit]) + ENCODED[at + 1 :]


@given(st.binary(max_size=SIZE + 1) | st.builds(flipped, st.integers(0, SIZE - 1), st.integers(0, 7)))
def test_any_bytes_give_their_only_meaning_or_an_error(data: bytes) -> None:
    with suppress(DecodeError):
        assert CombinedFingerprints.decode(data).encode() == data
