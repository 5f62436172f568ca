"""The wire format taken apart and put together, and mutations that stay inside their envelope."""

from __future__ import annotations

import gzip
import random
import zlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.corpus import seeds
from fuzz.mutation import bare, mutate
from fuzz.protobuf import BYTES, FIXED32, FIXED64, VARINT, Chunk, join, read_varint, split, varint, varint_at
from fuzz.targets import TARGETS
from impl.wire.errors import DecodeError
from impl.wire.pb import adv_pb2

SEEDS = seeds(0)


@given(st.integers(0, 2**64 - 1), st.integers(0, 3), st.binary())
def test_a_varint_has_many_spellings_and_one_value(value: int, redundant: int, rest: bytes) -> None:
    spelled = varint(value, redundant)
    assert len(spelled) == max(1, -(-value.bit_length() // 7)) + redundant
    assert read_varint(spelled) == value
    assert len(spelled) > 10 or varint_at(spelled + rest, 0) == spelled


CHUNKS = st.one_of(
    st.builds(Chunk.of, st.integers(1, 1000), st.just(VARINT), st.integers(0, 2**64 - 1).map(varint)),
    st.builds(Chunk.of, st.integers(1, 1000), st.just(FIXED32), st.binary(min_size=4, max_size=4)),
    st.builds(Chunk.of, st.integers(1, 1000), st.just(FIXED64), st.binary(min_size=8, max_size=8)),
    st.builds(Chunk.of, st.integers(1, 1000), st.just(BYTES), st.binary()),
)


@given(st.lists(CHUNKS))
def test_splitting_undoes_joining(chunks: list[Chunk]) -> None:
    assert split(join(chunks)) == chunks


@pytest.mark.parametrize("data", ["08", "0880", "0a02aa", "0d000000", "0900", "0b", "80" * 11 + "00"])
def test_what_is_no_message_is_not_split(data: str) -> None:
    with pytest.raises(ValueError):
        split(bytes.fromhex(data))


def test_the_protobuf_library_sees_the_same_fields() -> None:
    for data in SEEDS["signed-identity"]:
        with_library = adv_pb2.ADVSignedDeviceIdentity()
        try:
            with_library.ParseFromString(data)
        except Exception:
            with pytest.raises(ValueError):
                split(data)
        else:
            assert [chunk.payload for chunk in split(data)] == [value for _, value in with_library.ListFields()]


def _reversed(part: bytes) -> bytes:
    return part[::-1]


OPAQUE = {
    "node",
    "question",
    "notice",
    "phone-registration",  # a form of base64: whatever is changed is another form, or none
    "qr",
    "address",
    "pairing-code",
    "security-code",
    "wrapped-key",
    "wrapped-bundle",
    "app-state-index",
    "media-file",
    "media-chunk",
    "media-path",
    "transport-stream",
}


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - OPAQUE))
def test_bent_messages_reach_both_outcomes(name: str) -> None:
    """Without any help from libFuzzer, changed inputs are accepted and others are refused."""
    target, outcomes = TARGETS[name], Counter[bool]()
    for number in range(1000):
        rng = random.Random(number)
        before = rng.choice(SEEDS[name])
        after = mutate(before, target.envelope, bytes, rng)
        try:
            target.decode(after)
        except DecodeError:
            outcomes[False] += 1
        else:
            outcomes[after != before] += 1
    assert min(outcomes[True], outcomes[False]) > 10, outcomes


def test_an_envelope_is_closed_again() -> None:
    frame = SEEDS["message-frame"][-1]
    blob, recovery = SEEDS["history-blob"][-1], SEEDS["app-state-recovery-gzip"][-1]
    for number in range(200):
        rng = random.Random(number)
        bent = mutate(frame, TARGETS["message-frame"].envelope, bytes, rng)
        assert (bent[:1], bent[-8:]) == (frame[:1], frame[-8:])
        zlib.decompress(mutate(blob, TARGETS["history-blob"].envelope, bytes, rng))
        gzip.decompress(mutate(recovery, TARGETS["app-state-recovery-gzip"].envelope, bytes, rng))


@pytest.mark.parametrize("name", ["media-file", "media-chunk"])
def test_other_plaintexts_of_media_get_past_hash_and_codes(name: str) -> None:
    target, refusals = TARGETS[name], set()
    for seed in SEEDS[name]:
        inner, close = target.envelope(seed)
        for forged in (inner, inner[::-1], bytes(len(inner)), inner[:-1] + b"\x11"):
            try:
                target.decode(close(forged))
            except DecodeError as refusal:
                refusals.add(refusal.what)
    assert refusals & {"refused by padding"}
    assert not refusals & {"refused by enc_sha256", "refused by mac", "refused by sidecar"}, refusals


def test_a_mutation_depends_on_nothing_but_its_number() -> None:
    data = SEEDS["key-index-list"][-1]
    first, second = ([mutate(data, bare, _reversed, random.Random(n)) for n in range(100)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 20
