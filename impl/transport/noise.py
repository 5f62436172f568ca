"""The symmetric half of Noise: a key with its counter, and the hash of all that was said.

Noise Protocol Framework, revision 34, sections 5.1 and 5.2, with AES-256-GCM and SHA-256; counters of 32 bits as in
`socket/noisehandshake.go` of tulir/whatsmeow.
"""

from hashlib import sha256
from typing import NoReturn

from impl.crypto import gcm
from impl.crypto.kdf import hkdf
from impl.transport.errors import HandshakeError

HASH_SIZE = 32
KEY_SIZE = 32
NONCE_SIZE = 12
COUNTER_LIMIT = 1 << 32
"""How often a key serves."""


class CounterUsedUp(Exception):
    """The key has served as often as it may."""


class CipherState:
    """A 32-byte key that serves each value of its counter once. There is no way to set or to copy the counter."""

    __slots__ = ("_counter", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._counter = 0

    def seal(self, plaintext: bytes, aad: bytes = b"") -> bytes:
        """Ciphertext and tag. CounterUsedUp."""
        return gcm.seal(self._key, self._nonce(), plaintext, aad)

    def open(self, sealed: bytes, aad: bytes = b"") -> bytes:
        """The plaintext; ValueError unless it is what the other side sealed next. CounterUsedUp."""
        return gcm.open_(self._key, self._nonce(), sealed, aad)

    def _nonce(self) -> bytes:
        counter = self._counter
        if counter >= COUNTER_LIMIT:
            raise CounterUsedUp
        self._counter = counter + 1  # before anything can fail: no counter serves twice
        return counter.to_bytes(NONCE_SIZE)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is neither copied nor stored: the copy would use its counter again")


class SymmetricState:
    """The chaining key, the hash, and from the first `mix_key` on a cipher."""

    __slots__ = ("_chaining_key", "_cipher", "_hash")

    _cipher: CipherState

    def __init__(self, protocol: bytes) -> None:
        """`protocol` is the name of pattern and algorithms; a short one serves unhashed."""
        self._hash = protocol.ljust(HASH_SIZE, b"\0") if len(protocol) <= HASH_SIZE else sha256(protocol).digest()
        self._chaining_key = self._hash

    def mix_hash(self, data: bytes) -> None:
        self._hash = sha256(self._hash + data).digest()

    def mix_key(self, secret: bytes) -> None:
        self._chaining_key, key = self._derive(secret)
        self._cipher = CipherState(key)

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        sealed = self._cipher.seal(plaintext, self._hash)
        self.mix_hash(sealed)
        return sealed

    def decrypt_and_hash(self, sealed: bytes) -> bytes:
        """HandshakeError "tag"."""
        try:
            plaintext = self._cipher.open(sealed, self._hash)
        except ValueError as error:
            raise HandshakeError("tag", str(error)) from error
        self.mix_hash(sealed)
        return plaintext

    def split(self) -> tuple[CipherState, CipherState]:
        """What the initiator seals with, what the responder seals with."""
        first, second = self._derive(b"")
        return CipherState(first), CipherState(second)

    def _derive(self, secret: bytes) -> tuple[bytes, bytes]:
        derived = hkdf(secret, b"", HASH_SIZE + KEY_SIZE, self._chaining_key)
        return derived[:HASH_SIZE], derived[HASH_SIZE:]
