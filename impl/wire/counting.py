"""How many objects a protobuf would become, told before the parser makes them.

A repeated message takes two bytes on the wire and a hundred in memory: 64 MiB of them would be gigabytes.
Encoding: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from impl.wire.errors import DecodeError

OBJECT_LIMIT = 1 << 20
"""Messages within a message, whatever their depth."""

_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}


def check_objects(data: bytes, descriptor: Any, limit: int = OBJECT_LIMIT) -> None:
    """Raises DecodeError when `data`, read as `descriptor` says, holds more than `limit` messages.

    What is malformed is left to the parser, which refuses it: up to there it makes no more objects than these.
    """
    count = 0
    pending = [(descriptor, 0, len(data))]
    while pending:
        kind, at, end = pending.pop()
        inner = _messages_in(kind)
        while at < end:
            tag, at = _varint(data, at, end)
            wire_type = tag & 7
            if wire_type == _DELIMITED:
                length, at = _varint(data, at, end)
                held = inner.get(tag >> 3)
                if held is not None:
                    count += 1
                    if count > limit:
                        raise DecodeError(f"more than {limit} messages", descriptor.name)
                    pending.append((held, at, min(at + length, end)))
                at += length
            elif wire_type == _VARINT:
                _, at = _varint(data, at, end)
            elif wire_type in _FIXED:
                at += _FIXED[wire_type]
            else:
                break


@cache
def _messages_in(kind: Any) -> dict[int, Any]:
    return {field.number: field.message_type for field in kind.fields if field.message_type is not None}


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            break
    return value, end
