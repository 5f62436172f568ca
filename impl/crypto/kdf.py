"""Key derivation: HKDF (RFC 5869) and HMAC (RFC 2104), both with SHA-256."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HASH = SHA256()


def hkdf(ikm: bytes, info: bytes, length: int, salt: bytes | None = None) -> bytes:
    """`length` bytes derived from `ikm`; without a salt, 32 zero bytes take its place."""
    return HKDF(_HASH, length, salt, info).derive(ikm)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """The 32-byte code of `message` under `key`."""
    code = HMAC(key, _HASH)
    code.update(message)
    return code.finalize()
