"""What a Noise frame carries: a flag byte, then a binary node, as it is or compressed (zlib, RFC 1950).

Source: wire.md, section 5.4; tulir/whatsmeow, `binary/unpack.go`, which knows no limit.
"""

from impl.wire import inflating
from impl.wire.errors import DecodeError

LIMIT = 16 << 20
"""Bytes of a node."""

PLAIN = b"\x00"
COMPRESSED = b"\x02"


def encode(node: bytes) -> bytes:
    """Clients never compress."""
    return PLAIN + node


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
