"""Mutations that know the protobuf wire format, and the envelopes in which such messages travel.

A flipped byte inside a compressed, padded or length-prefixed message is refused at the door. Here the
envelope is opened, a field is bent, and the envelope is closed again around it.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from dataclasses import replace

from fuzz.protobuf import BYTES, VARINT, Chunk, join, read_varint, split, varint

MutateBytes = Callable[[bytes], bytes]
Envelope = Callable[[bytes], tuple[bytes, Callable[[bytes], bytes]]]
"""Opens some bytes: what is inside, and how to close the envelope around something else."""

EDGES = (0, 1, 63, 64, 127, 128, 255, 256, 1 << 14, (1 << 24) - 1, 1 << 24, (1 << 31) - 1, 1 << 31)
HUGE = ((1 << 32) - 1, 1 << 32, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
MESSAGE_LIMIT = 1 << 20
FIELDS_LIMIT = 1 << 15
"""Bytes: nothing is repeated or inflated beyond the one, nor taken apart beyond the other. A mutation takes
milliseconds at most."""


def bare(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """No envelope."""
    return data, lambda inner: inner


def between(head: int, tail: int) -> Envelope:
    """So many bytes before the message, a version, and so many after it, a MAC."""

    def open_(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
        end = max(head, len(data) - tail)
        return data[head:end], lambda inner: data[:head] + inner + data[end:]

    return open_


def padded(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Padding that names its own length in every byte."""
    n = data[-1] if data else 0
    end = max(0, len(data) - n)
    return data[:end], lambda inner: inner + bytes([n]) * n


def gzipped(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """One gzip member; bytes that are none count as the message itself."""

    def close(inner: bytes) -> bytes:
        return gzip.compress(inner, mtime=0)

    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, MESSAGE_LIMIT), close
    except zlib.error:
        return data, close


def deflated(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """One zlib stream; bytes that are none count as the message itself."""
    try:
        return zlib.decompressobj().decompress(data, MESSAGE_LIMIT), zlib.compress
    except zlib.error:
        return data, zlib.compress


def mutate(data: bytes, envelope: Envelope, mutate_bytes: MutateBytes, rng: random.Random) -> bytes:
    """The input with one thing changed: bytes of the whole in one case of four, else a field inside."""
    if rng.random() < 0.25:
        return mutate_bytes(data)
    message, close = envelope(data)
    return close(_bend(message, mutate_bytes, rng))


def _bend(message: bytes, mutate_bytes: MutateBytes, rng: random.Random) -> bytes:
    chunks = _chunks(message)
    if not chunks:
        return mutate_bytes(message)
    at = rng.randrange(len(chunks))
    chunk = chunks[at]
    match rng.randrange(7):
        case 0:
            chunks.pop(at)
        case 1:
            chunks.insert(rng.randrange(len(chunks) + 1), chunk)
        case 2:
            chunks.insert(rng.randrange(len(chunks)), chunks.pop(at))
        case 3:
            chunks[at] = replace(chunk, tag=varint(rng.randrange(1, 40) << 3 | chunk.wire_type))
        case 4:
            chunks[at] = _respelled(chunk, rng)
        case 5:
            chunks[at] = _misstated(chunk, rng)
        case _:
            chunks[at] = _refilled(chunk, mutate_bytes, rng)
    return join(chunks)


def _chunks(message: bytes) -> list[Chunk]:
    """The fields; none if the bytes are no message, or a long one."""
    try:
        return split(message) if len(message) <= FIELDS_LIMIT else []
    except ValueError:
        return []


def _respelled(chunk: Chunk, rng: random.Random) -> Chunk:
    """The same field with a longer spelling of one of its varints."""
    parts = ["tag"] + ["length"] * (chunk.wire_type == BYTES) + ["payload"] * (chunk.wire_type == VARINT)
    part = rng.choice(parts)
    return replace(chunk, **{part: varint(read_varint(getattr(chunk, part)), redundant=rng.randrange(1, 4))})


def _misstated(chunk: Chunk, rng: random.Random) -> Chunk:
    """A number at an edge: of a varint its value, of bytes their length, which is then untrue."""
    number = varint(rng.choice(EDGES + HUGE))
    return replace(chunk, payload=number) if chunk.wire_type == VARINT else replace(chunk, length=number)


def _refilled(chunk: Chunk, mutate_bytes: MutateBytes, rng: random.Random) -> Chunk:
    """Another payload: bent as a message if it is one, or as bytes, or repeated many times over."""
    if chunk.wire_type != BYTES:
        return chunk.holding(mutate_bytes(chunk.payload))
    match rng.randrange(8):
        case 0:
            times = min(1 << rng.randrange(1, 13), MESSAGE_LIMIT // max(1, len(chunk.payload)))
            return chunk.holding(chunk.payload * times)
        case 1 | 2:
            return chunk.holding(mutate_bytes(chunk.payload))
        case _:
            return chunk.holding(_bend(chunk.payload, mutate_bytes, rng))
