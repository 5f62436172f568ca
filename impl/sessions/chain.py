"""The symmetric-key ratchet: a chain of message keys in one direction.

Source: https://signal.org/docs/specifications/doubleratchet/ (sections 2.2 and 2.6), as in libsignal,
rust/protocol/src/ratchet/keys.rs; how far to step is as in libsignal-protocol-go.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Self

from impl.crypto import cbc
from impl.crypto.kdf import hkdf, hmac_sha256
from impl.crypto.keys import with_type
from impl.sessions.errors import SessionError
from impl.sessions.secret import Secret
from impl.wire.frames import MAC_SIZE

MAX_FORWARD = 2000
"""How far ahead of the chain a message may be."""

MAX_AGE = 2000
"""How many steps later in its chain the seed of a message not yet seen is given up.

Steps, because there is no time to trust: the server tells it, and who was away for a month must still open what
waited. Seeds age with their chain, too, which ends a few turns of the ratchet later.
"""


class MessageKeys(Secret, frozen=True):
    """The keys of exactly one message."""

    cipher: bytes
    mac: bytes
    iv: bytes

    @classmethod
    def derive(cls, seed: bytes) -> Self:
        derived = hkdf(seed, b"WhisperMessageKeys", 80)
        return cls(derived[:32], derived[32:64], derived[64:])

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


class Chain(Secret, frozen=True):
    """A chain key of 32 bytes and the counter of the message whose key comes next."""

    key: bytes
    index: int = 0

    def step(self) -> tuple["Chain", bytes]:
        """The chain after this message, and the message's seed."""
        return Chain(hmac_sha256(self.key, b"\x02"), self.index + 1), hmac_sha256(self.key, b"\x01")


class ReceivingChain(Secret, frozen=True):
    """The chain of one of the peer's ratchet keys, and the seeds of messages that were skipped, by rising counter."""

    chain: Chain
    skipped: Mapping[int, bytes] = {}

    def take(self, counter: int) -> tuple["ReceivingChain", bytes]:
        """The chain without this message, and the message's seed. SessionError "duplicate" or "too_far"."""
        chain, skipped = self.chain, self.skipped
        if counter < chain.index:
            if counter not in skipped:
                raise SessionError("duplicate")
            left = {each: seed for each, seed in skipped.items() if each != counter}
            return ReceivingChain(chain, left), skipped[counter]
        if counter - chain.index > MAX_FORWARD:
            raise SessionError("too_far")
        if counter > chain.index:
            chain, skipped = _skip(chain, skipped, counter)
        if skipped and counter - next(iter(skipped)) > MAX_AGE:
            skipped = {each: seed for each, seed in skipped.items() if counter - each <= MAX_AGE}
        chain, seed = chain.step()
        return ReceivingChain(chain, skipped), seed

    def without_oldest(self, count: int) -> "ReceivingChain":
        """As if so many skipped messages, the oldest ones, had been opened."""
        return ReceivingChain(self.chain, dict(islice(self.skipped.items(), count, None)))


def _skip(chain: Chain, skipped: Mapping[int, bytes], counter: int) -> tuple[Chain, Mapping[int, bytes]]:
    more = dict(skipped)
    for index in range(chain.index, counter):
        chain, more[index] = chain.step()
    return chain, more
