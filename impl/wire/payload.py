"""What a Noise frame carries: a flag byte, then a binary node, as it is or compressed (zlib, RFC 1950).

Source: wire.md, section 5.4; tulir/whatsmeow, `binary/unpack.go`, which knows no limit.
"""

import zlib

from impl.wire import inflating
from impl.wire.errors import DecodeError

LIMIT = 16 << 20
"""Bytes of a node."""

PLAIN = b"\x00"
COMPRESSED = b"\x02"

COMPRESSED_FROM = 1 << 10
"""Bytes of a node below which compressing is not worth its time."""


def encode(node: bytes) -> bytes:
    """Clients never compress."""
    return PLAIN + node


def encode_for_client(node: bytes) -> bytes:
    """As servers do: compressed where that is shorter, and no more than a reader with limits would inflate."""
    if len(node) >= COMPRESSED_FROM:
        body = zlib.compress(node)
        if len(body) < len(node) <= inflating.inflated_limit(len(body), LIMIT):
            return COMPRESSED + body
    return encode(node)


def decode(payload: bytes) -> bytes:
    """The encoded node. Raises DecodeError: flags 0 and 2 alone, and the limits of size and ratio."""
    flags, body = payload[:1], payload[1:]
    if flags == COMPRESSED:
        return inflating.inflate(body, LIMIT, "payload")
    if flags != PLAIN:
        raise DecodeError(f"no flags {flags.hex()!r}" if flags else "empty", "payload")
    if len(body) > LIMIT:
        raise DecodeError(f"{len(body)} bytes, the limit is {LIMIT}", "payload")
    return body
