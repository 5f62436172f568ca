"""One sender key as a receiver holds it.

Source: tulir/libsignal-protocol-go, groups/state/record/SenderKeyState.go and groups/GroupCipher.go; the order of
checks is libsignal's, rust/protocol/src/group_cipher.rs: nobody but the sender makes a receiver step its chain.
"""

from dataclasses import dataclass, replace
from typing import Self

from impl.crypto import xeddsa
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.groups.chain import MessageKeys, ReceivingChain
from impl.sessions.chain import Chain
from impl.sessions.errors import SessionError
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage


@dataclass(frozen=True, slots=True)
class SenderKeyState:
    """`signing_key` is the sender's public key of 32 bytes."""

    id: int
    signing_key: bytes
    receiving: ReceivingChain

    @classmethod
    def of(cls, distribution: SenderKeyDistribution) -> Self:
        chain = Chain(distribution.chain_key, distribution.iteration)
        return cls(distribution.id, distribution.signing_key, ReceivingChain(chain))

    def open_(self, frame: bytes) -> tuple[Self, bytes]:
        """The state afterwards, and the plaintext. SessionError, DecodeError."""
        message = SenderKeyMessage.decode(frame)
        check_signature(self.signing_key, frame)
        receiving, seed = self.receiving.take(message.iteration)
        return replace(self, receiving=receiving), MessageKeys.derive(seed).decrypt(message.ciphertext)


def check_signature(signing_key: bytes, frame: bytes) -> None:
    if not xeddsa.verify(signing_key, frame[:-SIGNATURE_SIZE], frame[-SIGNATURE_SIZE:]):
        raise SessionError("bad_signature")
