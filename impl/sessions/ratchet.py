"""The Diffie-Hellman ratchet: every answer brings a new key, and with it a new chain in each direction.

Source: https://signal.org/docs/specifications/doubleratchet/ (section 2.3), as in libsignal,
rust/protocol/src/ratchet.rs.
"""

from collections.abc import Mapping
from typing import Self

from impl.crypto.entropy import Entropy
from impl.crypto.kdf import hkdf
from impl.crypto.keys import KeyPair, dh
from impl.sessions.chain import Chain, ReceivingChain
from impl.sessions.errors import SessionError
from impl.sessions.secret import Secret
from impl.sessions.x3dh import Agreed

MAX_CHAINS = 5
"""How many of the peer's ratchet keys stay usable for messages that arrive late."""

MAX_SKIPPED = 2000
"""How many seeds of messages not yet seen all chains keep together; those of the oldest chain are given up first."""

MAX_COUNTER = (1 << 32) - 1


class Ratchet(Secret, frozen=True):
    """Root key, own ratchet pair with its sending chain, and receiving chains by ratchet key, the newest last."""

    root: bytes
    own: KeyPair
    sending: Chain
    receiving: Mapping[bytes, ReceivingChain] = {}
    previous_counter: int = 0

    @classmethod
    def of_initiator(cls, secret: Agreed, signed_prekey: bytes, entropy: Entropy) -> Self:
        """The peer's signed prekey serves as its first ratchet key."""
        root, chain_key = secret
        own = KeyPair.generate(entropy)
        root, sending = _agree(root, own, signed_prekey)
        return cls(root, own, sending, {signed_prekey: ReceivingChain(Chain(chain_key))})

    @classmethod
    def of_responder(cls, secret: Agreed, signed_prekey: KeyPair) -> Self:
        root, chain_key = secret
        return cls(root, signed_prekey, Chain(chain_key))

    def next_seed(self) -> tuple["Ratchet", bytes]:
        """The seed of the next message to send. SessionError "chain_exhausted"."""
        if self.sending.index > MAX_COUNTER:
            raise SessionError("chain_exhausted")
        sending, seed = self.sending.step()
        return Ratchet(self.root, self.own, sending, self.receiving, self.previous_counter), seed

    def seed_of(self, ratchet_key: bytes, counter: int) -> tuple["Ratchet", bytes]:
        """The seed of a received message; a new key starts a receiving chain, and then `turn` is due.

        SessionError "duplicate" or "too_far", InvalidKey.
        """
        root = self.root
        former = self.receiving.get(ratchet_key)
        if former is None:
            root, chain = _agree(root, self.own, ratchet_key)
            former = ReceivingChain(chain)
        taken, seed = former.take(counter)
        receiving = {**self.receiving, ratchet_key: taken}
        if len(receiving) > MAX_CHAINS:
            del receiving[next(iter(receiving))]
        if len(taken.skipped) > len(former.skipped):
            _forget_oldest(receiving)
        return Ratchet(root, self.own, self.sending, receiving, self.previous_counter), seed

    def turn(self, ratchet_key: bytes, entropy: Entropy) -> "Ratchet":
        """Answer the peer's new key with a new pair and a new sending chain."""
        own = KeyPair.generate(entropy)
        root, sending = _agree(self.root, own, ratchet_key)
        return Ratchet(root, own, sending, self.receiving, max(self.sending.index - 1, 0))


def _forget_oldest(receiving: dict[bytes, ReceivingChain]) -> None:
    """Leaves MAX_SKIPPED seeds."""
    excess = sum(len(chain.skipped) for chain in receiving.values()) - MAX_SKIPPED
    for key, chain in receiving.items():
        if excess <= 0:
            break
        receiving[key] = chain.without_oldest(excess)
        excess -= len(chain.skipped)


def _agree(root: bytes, own: KeyPair, ratchet_key: bytes) -> tuple[bytes, Chain]:
    derived = hkdf(dh(own.private, ratchet_key), b"WhisperRatchet", 64, salt=root)
    return derived[:32], Chain(derived[32:])
