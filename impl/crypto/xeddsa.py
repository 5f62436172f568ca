"""XEdDSA signatures: Ed25519 made with X25519 keys, in libsignal's form.

It differs from the published XEdDSA: the sign of the Edwards public key is not forced to zero but travels in
the highest bit of the signature. Source: libsignal, rust/core/src/curve/curve25519.rs.
"""

from hashlib import sha512

from nacl.bindings import (
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_sign_open,
)
from nacl.exceptions import BadSignatureError

from impl.crypto.entropy import Entropy
from impl.crypto.keys import FIELD, KEY_SIZE

SIGNATURE_SIZE = 64
_NONCE_PREFIX = b"\xfe" + b"\xff" * 31
_SIGN_BIT = 0x80


def sign(private: bytes, message: bytes, entropy: Entropy) -> bytes:
    """A 64-byte signature by a clamped 32-byte X25519 private key; randomised, so never the same twice."""
    public = crypto_scalarmult_ed25519_base_noclamp(private)
    nonce = _scalar(_NONCE_PREFIX + private + message + entropy(64))
    commitment = crypto_scalarmult_ed25519_base_noclamp(nonce)
    challenge = _scalar(commitment + public + message)
    response = crypto_core_ed25519_scalar_add(crypto_core_ed25519_scalar_mul(challenge, private), nonce)
    return commitment + _with_sign(response, public[31] & _SIGN_BIT)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of a 32-byte X25519 public key signed `message`.

    Stricter than libsignal, so that a signature and a key have one encoding: non-canonical scalars and
    coordinates are refused, and so are points of small order.
    """
    u = int.from_bytes(public, "little")
    if len(public) != KEY_SIZE or len(signature) != SIGNATURE_SIZE or u >= FIELD - 1:
        return False
    y = (u - 1) * pow(u + 1, -1, FIELD) % FIELD
    edwards = _with_sign(y.to_bytes(32, "little"), signature[63] & _SIGN_BIT)
    plain_ed25519 = signature[:32] + _with_sign(signature[32:], 0)
    try:
        crypto_sign_open(plain_ed25519 + message, edwards)
    except BadSignatureError:
        return False
    return True


def _scalar(material: bytes) -> bytes:
    return crypto_core_ed25519_scalar_reduce(sha512(material).digest())


def _with_sign(encoded: bytes, sign_bit: int) -> bytes:
    return encoded[:31] + bytes([encoded[31] & ~_SIGN_BIT | sign_bit])
