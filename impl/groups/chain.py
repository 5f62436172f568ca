"""The chain of a sender key: message keys, and what a receiver may still open.

It steps as a chain of a pairwise session does; only the keys of a message are others. Source:
tulir/libsignal-protocol-go, groups/ratchet/ and groups/GroupCipher.go; limits are its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from impl.crypto import cbc
from impl.crypto.kdf import hkdf
from impl.sessions.chain import Chain
from impl.sessions.errors import SessionError

MAX_FORWARD = 2000
"""How far ahead of the chain a message may be."""

MAX_SKIPPED = 2000
"""How many seeds of messages not yet seen a chain keeps; the oldest are given up first."""


@dataclass(frozen=True, slots=True)
class MessageKeys:
    """The keys of exactly one group message; there is none for a MAC, because it is signed."""

    iv: bytes = field(repr=False)
    cipher: bytes = field(repr=False)

    @classmethod
    def derive(cls, seed: bytes) -> Self:
        derived = hkdf(seed, b"WhisperGroup", 48)
        return cls(iv=derived[:16], cipher=derived[16:])

    def encrypt(self, plaintext: bytes) -> bytes:
        return cbc.encrypt(self.cipher, self.iv, plaintext)

    def decrypt(self, ciphertext: bytes) -> bytes:
        try:
            return cbc.decrypt(self.cipher, self.iv, ciphertext)
        except ValueError as error:
            raise SessionError("bad_padding") from error


@dataclass(frozen=True, slots=True)
class ReceivingChain:
    """The chain as one receiver knows it, and the seeds of iterations that were skipped."""

    chain: Chain
    skipped: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def take(self, iteration: int) -> tuple[Self, bytes]:
        """The chain without this message, and the message's seed. SessionError "duplicate" or "too_far"."""
        chain, skipped = self.chain, dict(self.skipped)
        if iteration < chain.index:
            if iteration not in skipped:
                raise SessionError("duplicate")
            seed = skipped.pop(iteration)
            return replace(self, skipped=skipped), seed
        if iteration - chain.index > MAX_FORWARD:
            raise SessionError("too_far")
        for index in range(chain.index, iteration):
            chain, skipped[index] = chain.step()
        chain, seed = chain.step()
        newest = list(skipped.items())[-MAX_SKIPPED:]
        return replace(self, chain=chain, skipped=dict(newest)), seed
