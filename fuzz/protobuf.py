"""The protobuf wire format as chunks of bytes, one chunk a field, each kept exactly as it was spelled.

Independent of the protobuf library, which would tidy what a mutator bends and an oracle compares.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIDTH = {FIXED64: 8, FIXED32: 4}
VARINT_LIMIT = 10


@dataclass(frozen=True)
class Chunk:
    """One field: the spelling of its tag, that of its length (of BYTES only), and its payload."""

    tag: bytes
    length: bytes
    payload: bytes

    @classmethod
    def of(cls, number: int, wire_type: int, payload: bytes) -> Self:
        length = varint(len(payload)) if wire_type == BYTES else b""
        return cls(varint(number << 3 | wire_type), length, payload)

    @property
    def wire_type(self) -> int:
        return self.tag[0] & 7

    def holding(self, payload: bytes) -> Self:
        """The same field with another payload, and a true length."""
        return replace(self, payload=payload, length=varint(len(payload)) if self.wire_type == BYTES else b"")

    def __bytes__(self) -> bytes:
        return self.tag + self.length + self.payload


def varint(value: int, redundant: int = 0) -> bytes:
    """Little-endian base 128; `redundant` bytes more than needed make it another spelling of the same value."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F)
    groups += [0] * redundant
    return bytes([group | 0x80 for group in groups[:-1]] + groups[-1:])


def read_varint(data: bytes) -> int:
    """The value of a spelling."""
    return sum((byte & 0x7F) << 7 * i for i, byte in enumerate(data))


def split(data: bytes) -> list[Chunk]:
    """The fields of a message. ValueError if the bytes are not a whole number of fields."""
    chunks, at = [], 0
    while at < len(data):
        tag = varint_at(data, at)
        at += len(tag)
        length, size = b"", WIDTH.get(tag[0] & 7, 0)
        if tag[0] & 7 == VARINT:
            size = len(varint_at(data, at))
        elif tag[0] & 7 == BYTES:
            length = varint_at(data, at)
            at, size = at + len(length), read_varint(length)
        elif not size:
            raise ValueError(f"wire type {tag[0] & 7}")
        if size > len(data) - at:
            raise ValueError("cut short")
        chunks.append(Chunk(tag, length, data[at : at + size]))
        at += size
    return chunks


def join(chunks: list[Chunk]) -> bytes:
    return b"".join(map(bytes, chunks))


def varint_at(data: bytes, at: int) -> bytes:
    """The spelling that begins there. ValueError if it does not end within ten bytes and the data."""
    for end in range(at, min(at + VARINT_LIMIT, len(data))):
        if data[end] < 0x80:
            return data[at : end + 1]
    raise ValueError("unfinished varint")
