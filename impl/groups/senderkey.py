"""What a device does with sender keys: make and hand out its own, seal, learn those of others, open.

Every step returns new values and changes nothing, so that a caller commits only after its own checks; among
these is whose key it is, and in which group. Source: WhatsApp security white paper, "Group messages".
"""

from dataclasses import dataclass, replace
from typing import Self

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KEY_SIZE, KeyPair
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.groups.chain import MessageKeys
from impl.groups.record import SenderKeyRecord
from impl.groups.state import SenderKeyState
from impl.sessions.chain import Chain
from impl.sessions.errors import SessionError
from impl.wire.senderkeys import ITERATION_LIMIT, SenderKeyDistribution, SenderKeyMessage

_ID_MASK = (1 << 31) - 1
"""Identifiers have 31 bits, as libsignal draws them: some receivers take them for signed."""


@dataclass(frozen=True, slots=True)
class OwnSenderKey:
    """Our key in one group: who learns a distribution of it opens what is sealed from then on."""

    id: int
    signing: KeyPair
    chain: Chain

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        signing = KeyPair.generate(entropy)
        chain = Chain(entropy(KEY_SIZE))
        return cls(int.from_bytes(entropy(4), "big") & _ID_MASK, signing, chain)

    def distribution(self) -> SenderKeyDistribution:
        """For whoever shall open the next message and those after it. SessionError "chain_exhausted"."""
        self._refuse_if_exhausted()
        return SenderKeyDistribution(self.id, self.chain.index, self.chain.key, self.signing.public)

    def seal(self, plaintext: bytes, entropy: Entropy) -> tuple[Self, bytes]:
        """The key afterwards, and the SenderKeyMessage frame. SessionError "chain_exhausted"."""
        self._refuse_if_exhausted()
        chain, seed = self.chain.step()
        unsigned = SenderKeyMessage(
            id=self.id,
            iteration=self.chain.index,
            ciphertext=MessageKeys.derive(seed).encrypt(plaintext),
            signature=bytes(SIGNATURE_SIZE),
        )
        signature = xeddsa.sign(self.signing.private, unsigned.signed(), entropy)
        return replace(self, chain=chain), replace(unsigned, signature=signature).encode()

    def _refuse_if_exhausted(self) -> None:
        if self.chain.index >= ITERATION_LIMIT:
            raise SessionError("chain_exhausted")


def learn(record: SenderKeyRecord | None, distribution: SenderKeyDistribution) -> SenderKeyRecord:
    """The record of the device that the distribution came from; the same one if the key is known already."""
    return (record or SenderKeyRecord()).learn(SenderKeyState.of(distribution))


def open_(record: SenderKeyRecord | None, frame: bytes) -> tuple[SenderKeyRecord, bytes]:
    """The sender's record afterwards, and the plaintext.

    DecodeError for bytes that are no such frame; then SessionError "no_sender_key", "bad_signature", "duplicate" or
    "too_far", and "bad_padding".
    """
    message = SenderKeyMessage.decode(frame)
    state = record.find(message.id) if record is not None else None
    if record is None or state is None:
        raise SessionError("no_sender_key")
    opened, plaintext = state.open_(frame)
    return record.update(opened), plaintext
