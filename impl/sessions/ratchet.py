"""The Diffie-Hellman ratchet: every answer brings a new key, and with it a new chain in each direction.

Source: https://signal.org/docs/specifications/doubleratchet/ (section 2.3), as in libsignal,
rust/protocol/src/ratchet.rs.
"""

from dataclasses import dataclass, field, replace
from typing import Self

from impl.crypto.entropy import Entropy
from impl.crypto.kdf import hkdf
from impl.crypto.keys import KeyPair, dh
from impl.sessions.chain import Chain, ReceivingChain
from impl.sessions.errors import SessionError
from impl.sessions.x3dh import Secret

MAX_CHAINS = 5
"""How many of the peer's ratchet keys stay usable for messages that arrive late."""

MAX_COUNTER = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Ratchet:
    """Root key, own ratchet pair with its sending chain, and receiving chains, the newest last."""

    root: bytes = field(repr=False)
    own: KeyPair
    sending: Chain
    receiving: tuple[ReceivingChain, ...] = ()
    previous_counter: int = 0

    @classmethod
    def of_initiator(cls, secret: Secret, signed_prekey: bytes, entropy: Entropy) -> Self:
        """The peer's signed prekey serves as its first ratchet key."""
        root, chain_key = secret
        first = ReceivingChain(signed_prekey, Chain(chain_key))
        own = KeyPair.generate(entropy)
        root, sending = _agree(root, own, signed_prekey)
        return cls(root, own, sending, (first,))

    @classmethod
    def of_responder(cls, secret: Secret, signed_prekey: KeyPair) -> Self:
        root, chain_key = secret
        return cls(root, signed_prekey, Chain(chain_key))

    def knows(self, ratchet_key: bytes) -> bool:
        return any(each.ratchet_key == ratchet_key for each in self.receiving)

    def next_seed(self) -> tuple[Self, bytes]:
        """The seed of the next message to send. SessionError "chain_exhausted"."""
        if self.sending.index > MAX_COUNTER:
            raise SessionError("chain_exhausted")
        sending, seed = self.sending.step()
        return replace(self, sending=sending), seed

    def seed_of(self, ratchet_key: bytes, counter: int) -> tuple[Self, bytes]:
        """The seed of a received message; a new key starts a receiving chain, and then `turn` is due.

        SessionError "duplicate" or "too_far", InvalidKey.
        """
        ratchet = self if self.knows(ratchet_key) else self._admit(ratchet_key)
        at = [each.ratchet_key for each in ratchet.receiving].index(ratchet_key)
        taken, seed = ratchet.receiving[at].take(counter)
        chains = (*ratchet.receiving[:at], taken, *ratchet.receiving[at + 1 :])
        return replace(ratchet, receiving=chains), seed

    def turn(self, entropy: Entropy) -> Self:
        """Answer the peer's newest key with a new pair and a new sending chain."""
        own = KeyPair.generate(entropy)
        root, sending = _agree(self.root, own, self.receiving[-1].ratchet_key)
        previous = max(self.sending.index - 1, 0)
        return replace(self, root=root, own=own, sending=sending, previous_counter=previous)

    def _admit(self, ratchet_key: bytes) -> Self:
        root, chain = _agree(self.root, self.own, ratchet_key)
        newest = (*self.receiving, ReceivingChain(ratchet_key, chain))[-MAX_CHAINS:]
        return replace(self, root=root, receiving=newest)


def _agree(root: bytes, own: KeyPair, ratchet_key: bytes) -> tuple[bytes, Chain]:
    derived = hkdf(dh(own.private, ratchet_key), b"WhisperRatchet", 64, salt=root)
    return derived[:32], Chain(derived[32:])
