"""The symmetric-key ratchet: a chain of message keys in one direction.

Source: https://signal.org/docs/specifications/doubleratchet/ (sections 2.2 and 2.6), as in libsignal,
rust/protocol/src/ratchet/keys.rs; limits as in libsignal-protocol-go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from impl.crypto import cbc
from impl.crypto.kdf import hkdf, hmac_sha256
from impl.crypto.keys import with_type
from impl.sessions.errors import SessionError
from impl.wire.frames import MAC_SIZE

MAX_FORWARD = 2000
"""How far ahead of the chain a message may be."""

MAX_SKIPPED = 2000
"""How many keys of messages not yet seen a chain keeps; the oldest are given up first."""


@dataclass(frozen=True, slots=True)
class MessageKeys:
    """The keys of exactly one message."""

    cipher: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    iv: bytes = field(repr=False)

    @classmethod
    def derive(cls, seed: bytes) -> Self:
        derived = hkdf(seed, b"WhisperMessageKeys", 80)
        return cls(cipher=derived[:32], mac=derived[32:64], iv=derived[64:])

    def code(self, sender: bytes, receiver: bytes, authenticated: bytes) -> bytes:
        """The 8-byte MAC, which binds both identity keys (32 bytes each)."""
        return hmac_sha256(self.mac, with_type(sender) + with_type(receiver) + authenticated)[:MAC_SIZE]

    def encrypt(self, plaintext: bytes) -> bytes:
        return cbc.encrypt(self.cipher, self.iv, plaintext)

    def decrypt(self, ciphertext: bytes) -> bytes:
        try:
            return cbc.decrypt(self.cipher, self.iv, ciphertext)
        except ValueError as error:
            raise SessionError("bad_padding") from error


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain key of 32 bytes and the counter of the message whose key comes next."""

    key: bytes = field(repr=False)
    index: int = 0

    def step(self) -> tuple[Self, bytes]:
        """The chain after this message, and the message's seed."""
        after = replace(self, key=hmac_sha256(self.key, b"\x02"), index=self.index + 1)
        return after, hmac_sha256(self.key, b"\x01")


@dataclass(frozen=True, slots=True)
class ReceivingChain:
    """The chain of one of the peer's ratchet keys, and the seeds of messages that were skipped in it."""

    ratchet_key: bytes
    chain: Chain
    skipped: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def take(self, counter: int) -> tuple[Self, bytes]:
        """The chain without this message, and the message's seed. SessionError "duplicate" or "too_far"."""
        chain, skipped = self.chain, dict(self.skipped)
        if counter < chain.index:
            if counter not in skipped:
                raise SessionError("duplicate")
            seed = skipped.pop(counter)
            return replace(self, skipped=skipped), seed
        if counter - chain.index > MAX_FORWARD:
            raise SessionError("too_far")
        for index in range(chain.index, counter):
            chain, skipped[index] = chain.step()
        chain, seed = chain.step()
        newest = list(skipped.items())[-MAX_SKIPPED:]
        return replace(self, chain=chain, skipped=dict(newest)), seed
