"""Padding of a message before it is encrypted: n bytes of value n as in enc version 2. wire.md, section 8.1."""

from impl.crypto.entropy import Entropy
from impl.wire.errors import DecodeError

LONGEST = 16


def pad(message: bytes, entropy: Entropy) -> bytes:
    """The message and 1 to 16 bytes more, so that its length says less."""
    n = (entropy(1)[0] & 15) + 1
    return message + bytes([n]) * n


def unpad(padded: bytes) -> bytes:
    """Raises DecodeError unless 1 to 16 equal bytes name their number and something is left."""
    n = padded[-1] if padded else 0
    if not 1 <= n <= LONGEST or n >= len(padded) or padded[-n:] != bytes([n]) * n:
        raise DecodeError("not 1 to 16 bytes that name their number, after a message", "padding")
    return padded[:-n]
