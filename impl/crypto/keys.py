"""X25519 keys, their agreement, and the type byte that marks them inside Signal messages."""

from dataclasses import dataclass, field
from typing import Self

from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base
from nacl.exceptions import RuntimeError as NoSecret

from impl.crypto.entropy import Entropy

KEY_SIZE = 32
FIELD = 2**255 - 19
_DJB_TYPE = b"\x05"


class InvalidKey(ValueError):
    """A public key that must not be used: malformed, not reduced, or of small order."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 pair, 32 bytes each; the private key is clamped (RFC 7748, section 5)."""

    private: bytes = field(repr=False)
    public: bytes

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        return cls.of(entropy(KEY_SIZE))

    @classmethod
    def of(cls, private: bytes) -> Self:
        """The pair of 32 private bytes, which are clamped first."""
        scalar = clamp(private)
        return cls(scalar, crypto_scalarmult_base(scalar))


def clamp(scalar: bytes) -> bytes:
    """Clear the cofactor's bits and set the highest one (RFC 7748, section 5)."""
    return bytes([scalar[0] & 0xF8, *scalar[1:31], scalar[31] & 0x7F | 0x40])


def dh(private: bytes, public: bytes) -> bytes:
    """The 32-byte shared secret; InvalidKey when it is all zero (RFC 7748, section 6.1).

    Unlike RFC 7748, section 5, which reduces any coordinate, this refuses one beyond the field: a second
    encoding of a base key would make a replayed first message look new.
    """
    if not len(private) == len(public) == KEY_SIZE:  # libsodium would read on
        raise InvalidKey("a key has 32 bytes")
    if int.from_bytes(public, "little") >= FIELD:
        raise InvalidKey("a coordinate beyond the field")
    try:
        return crypto_scalarmult(private, public)
    except NoSecret as error:
        raise InvalidKey("no shared secret with this public key") from error


def with_type(public: bytes) -> bytes:
    """The 33-byte form used inside Signal messages: 05 ‖ key."""
    return _DJB_TYPE + public


def without_type(point: bytes) -> bytes:
    """The 32-byte key of a 33-byte point; InvalidKey unless it is exactly 05 ‖ 32 bytes."""
    if len(point) != 1 + KEY_SIZE or not point.startswith(_DJB_TYPE):
        raise InvalidKey("a point is the byte 05 and 32 bytes")
    return point[1:]
