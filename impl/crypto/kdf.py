"""Key derivation: HKDF (RFC 5869), PBKDF2 (RFC 8018) and HMAC (RFC 2104), all with SHA-256."""

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(ikm: bytes, info: bytes, length: int, salt: bytes | None = None) -> bytes:
    """`length` bytes derived from `ikm`; without a salt, 32 zero bytes take its place."""
    return HKDF(SHA256(), length, salt, info).derive(ikm)


def pbkdf2(password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
    """`length` bytes, made slow to guess: time grows with `iterations`."""
    return hashlib.pbkdf2_hmac("sha256", password, salt, iterations, length)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """The 32-byte code of `message` under `key`."""
    return hmac.digest(key, message, "sha256")
