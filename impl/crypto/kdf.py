"""Key derivation: HKDF (RFC 5869), PBKDF2 (RFC 8018) and HMAC (RFC 2104), all with SHA-256."""

import hashlib

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HASH = SHA256()


def hkdf(ikm: bytes, info: bytes, length: int, salt: bytes | None = None) -> bytes:
    """`length` bytes derived from `ikm`; without a salt, 32 zero bytes take its place."""
    return HKDF(_HASH, length, salt, info).derive(ikm)


def pbkdf2(password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
    """`length` bytes, made slow to guess: time grows with `iterations`."""
    return hashlib.pbkdf2_hmac("sha256", password, salt, iterations, length)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """The 32-byte code of `message` under `key`."""
    code = HMAC(key, _HASH)
    code.update(message)
    return code.finalize()
