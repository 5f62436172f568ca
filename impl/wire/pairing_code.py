"""What linking by code passes on: the code itself, wrapped keys, the key bundle, and the three messages.

Formats: `pair-code.go` of tulir/whatsmeow; what a phone makes of a typed code: `WaMobileCoordinator.ts` of zapo.
"""

from dataclasses import dataclass, field
from typing import Self

from impl.crypto.entropy import Entropy
from impl.crypto.gcm import TAG_SIZE
from impl.crypto.keys import KEY_SIZE
from impl.wire.errors import DecodeError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"
BITS = 5
CODE_SIZE = 5
CODE_LENGTH = 8
TYPED_LIMIT = 64

SALT_SIZE = 32
COUNTER_SIZE = 16
NONCE_SIZE = 12
SECRET_SIZE = 32
WRAPPED_KEY_SIZE = SALT_SIZE + COUNTER_SIZE + KEY_SIZE
KEY_BUNDLE_SIZE = 2 * KEY_SIZE + SECRET_SIZE
WRAPPED_BUNDLE_SIZE = SALT_SIZE + NONCE_SIZE + KEY_BUNDLE_SIZE + TAG_SIZE


@dataclass(frozen=True, slots=True)
class PairingCode:
    """What a companion shows and a person types on the phone: 5 bytes, as 8 characters of 5 bits each."""

    value: bytes = field(repr=False)

    @classmethod
    def draw(cls, entropy: Entropy) -> Self:
        return cls(entropy(CODE_SIZE))

    @property
    def secret(self) -> bytes:
        """The characters without the dash, which keys are derived from."""
        number = int.from_bytes(self.value)
        shifts = range(BITS * (CODE_LENGTH - 1), -1, -BITS)
        return "".join(ALPHABET[number >> shift & (1 << BITS) - 1] for shift in shifts).encode()

    def encode(self) -> str:
        """XXXX-XXXX."""
        text = self.secret.decode()
        return f"{text[:4]}-{text[4:]}"

    @classmethod
    def decode(cls, text: str) -> Self:
        """A code as somebody types it, or chooses it: in any case, with any punctuation and space. DecodeError."""
        if len(text) > TYPED_LIMIT:
            raise DecodeError(f"{len(text)} characters, the limit is {TYPED_LIMIT}", "pairing code")
        typed = "".join(character for character in text if character.isalnum())
        # beyond ASCII, upper case can be longer than lower case, and the same for several letters
        digits = [ALPHABET.find(character.upper()) if character.isascii() else -1 for character in typed]
        if len(digits) != CODE_LENGTH or -1 in digits:
            raise DecodeError(f"not {CODE_LENGTH} characters of {ALPHABET}", "pairing code")
        number = 0
        for digit in digits:
            number = number << BITS | digit
        return cls(number.to_bytes(CODE_SIZE))


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """An ephemeral public key under the code: salt (32), initial counter block (16), AES-CTR of the key (32)."""

    salt: bytes
    counter: bytes
    sealed: bytes

    def encode(self) -> bytes:
        return self.salt + self.counter + self.sealed

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        exact(data, WRAPPED_KEY_SIZE, "wrapped ephemeral key")
        return cls(data[:SALT_SIZE], data[SALT_SIZE:-KEY_SIZE], data[-KEY_SIZE:])


@dataclass(frozen=True, slots=True)
class WrappedBundle:
    """A key bundle under the ephemeral keys: salt (32), nonce (12), AES-GCM of the bundle (96 and tag)."""

    salt: bytes
    nonce: bytes
    sealed: bytes

    def encode(self) -> bytes:
        return self.salt + self.nonce + self.sealed

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        exact(data, WRAPPED_BUNDLE_SIZE, "wrapped key bundle")
        return cls(data[:SALT_SIZE], data[SALT_SIZE : SALT_SIZE + NONCE_SIZE], data[SALT_SIZE + NONCE_SIZE :])


@dataclass(frozen=True, slots=True)
class KeyBundle:
    """Both public identity keys as the companion knows them, and its part of the linking secret; 32 bytes each."""

    companion: bytes
    primary: bytes
    secret: bytes = field(repr=False)

    def encode(self) -> bytes:
        return self.companion + self.primary + self.secret

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        exact(data, KEY_BUNDLE_SIZE, "key bundle")
        return cls(data[:KEY_SIZE], data[KEY_SIZE : 2 * KEY_SIZE], data[2 * KEY_SIZE :])


@dataclass(frozen=True, slots=True)
class CompanionHello:
    """Stage companion_hello as the phone gets it: the server's reference, a WrappedKey, the Noise key."""

    ref: bytes
    ephemeral: bytes
    noise: bytes


@dataclass(frozen=True, slots=True)
class PrimaryHello:
    """Stage primary_hello: the reference, a WrappedKey, the account key."""

    ref: bytes
    ephemeral: bytes
    identity: bytes


@dataclass(frozen=True, slots=True)
class CompanionFinish:
    """Stage companion_finish: the reference, a WrappedBundle, the companion's identity key."""

    ref: bytes
    bundle: bytes
    identity: bytes


def exact(data: bytes, size: int, where: str) -> None:
    """Raises DecodeError unless `data` is `size` bytes long."""
    if len(data) != size:
        raise DecodeError(f"{len(data)} bytes, must be {size}", where)
