"""What the two sides derive: from the code a wrap, from ephemeral keys a bundle, from all of it the linking secret.

`pair-code.go` of tulir/whatsmeow.
"""

from impl.crypto import ctr, gcm
from impl.crypto.entropy import Entropy
from impl.crypto.kdf import hkdf, pbkdf2
from impl.crypto.keys import KEY_SIZE, InvalidKey, dh
from impl.refusal import refused_as
from impl.wire.pairing_code import (
    COUNTER_SIZE,
    NONCE_SIZE,
    SALT_SIZE,
    SECRET_SIZE,
    KeyBundle,
    PairingCode,
    WrappedBundle,
    WrappedKey,
)

ITERATIONS = 2 << 16
BUNDLE_INFO = b"link_code_pairing_key_bundle_encryption_key"
SECRET_INFO = b"adv_secret"


def wrapping_key(code: PairingCode, salt: bytes) -> bytes:
    """32 bytes, slow on purpose: forty bits of code are all that keeps the server out."""
    return pbkdf2(code.secret, salt, ITERATIONS, KEY_SIZE)


def wrap(code: PairingCode, public: bytes, entropy: Entropy) -> WrappedKey:
    salt, counter = entropy(SALT_SIZE), entropy(COUNTER_SIZE)
    return WrappedKey(salt, counter, ctr.apply(wrapping_key(code, salt), counter, public))


def unwrap(code: PairingCode, wrapped: WrappedKey) -> bytes:
    """The public key that was wrapped, or, under another code, a public key that nobody knows the private key of."""
    key = ctr.apply(wrapping_key(code, wrapped.salt), wrapped.counter, wrapped.sealed)
    # RFC 7748 ignores the highest bit; to refuse it here would answer whether a guessed code is wrong
    return key[:-1] + bytes([key[-1] & 0x7F])


def agree(private: bytes, public: bytes) -> bytes:
    """As `dh`, but raises Refused, for a key of another size too."""
    with refused_as("well_formed", InvalidKey):
        return dh(private, public)


def seal(bundle: KeyBundle, shared: bytes, entropy: Entropy) -> WrappedBundle:
    """`shared` is what the ephemeral keys agree on, 32 bytes."""
    salt, nonce = entropy(SALT_SIZE), entropy(NONCE_SIZE)
    return WrappedBundle(salt, nonce, gcm.seal(_bundle_key(shared, salt), nonce, bundle.encode()))


def open_(wrapped: WrappedBundle, shared: bytes) -> KeyBundle:
    """ValueError when the sides do not share `shared`: one of them used another code."""
    return KeyBundle.decode(gcm.open_(_bundle_key(shared, wrapped.salt), wrapped.nonce, wrapped.sealed))


def linking_secret(shared: bytes, identities: bytes, secret: bytes) -> bytes:
    """The 32 bytes that a QR text would have carried; `identities` is what the identity keys agree on."""
    return hkdf(shared + identities + secret, SECRET_INFO, SECRET_SIZE)


def _bundle_key(shared: bytes, salt: bytes) -> bytes:
    return hkdf(shared, BUNDLE_INFO, KEY_SIZE, salt)
