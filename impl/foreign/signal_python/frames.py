"""The frames that WhatsApp puts around what the Signal specifications leave open, for packages that have none."""

from collections.abc import Iterator
from dataclasses import dataclass

VERSION = b"\x33"
MAC_SIZE = 8


def typed(key: bytes) -> bytes:
    return b"\x05" + key


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    more = b""
    while value > 0x7F:
        more += bytes([value & 0x7F | 0x80])
        value >>= 7
    return more + bytes([value])


def fields(data: bytes) -> dict[int, int | bytes]:
    """Numbers and byte strings by field; only what was checked by its sender comes here."""
    rest, found = iter(data), dict[int, int | bytes]()
    for first in rest:
        key = _varint(rest, first)
        value = _varint(rest, next(rest))
        found[key >> 3] = bytes(next(rest) for _ in range(value)) if key & 7 == 2 else value
    return found


def _varint(rest: Iterator[int], byte: int) -> int:
    value, shift = byte & 0x7F, 7
    while byte & 0x80:
        byte = next(rest)
        value |= (byte & 0x7F) << shift
        shift += 7
    return value


@dataclass(frozen=True)
class First:
    """A message that begins a session; keys have 32 bytes."""

    registration_id: int
    one_time_id: int | None
    signed_prekey_id: int
    base_key: bytes
    identity: bytes
    message: bytes

    def encode(self) -> bytes:
        once = b"" if self.one_time_id is None else field(1, self.one_time_id)
        keys = field(2, typed(self.base_key)) + field(3, typed(self.identity)) + field(4, self.message)
        return VERSION + once + keys + field(5, self.registration_id) + field(6, self.signed_prekey_id)

    @classmethod
    def decode(cls, frame: bytes) -> "First":
        found = fields(frame[1:])
        return cls(found[5], found.get(1), found[6], found[2][1:], found[3][1:], found[4])  # type: ignore[arg-type,index]
