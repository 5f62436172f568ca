"""Frames of a sender key: what hands it out, and a group message, which is signed with 64 bytes at its end.

Source: tulir/libsignal-protocol-go, protocol/SenderKeyMessage.go and SenderKeyDistributionMessage.go; formats in
its WhisperTextProtocol.proto. One frame has one encoding: fields in order, none unknown.
"""

from dataclasses import dataclass, field
from typing import Self

from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.keys import KEY_SIZE, InvalidKey, with_type, without_type
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.wire.errors import DecodeError
from impl.wire.frames import FRAME_LIMIT
from impl.wire.pb import senderkey_pb2 as pb
from impl.wire.proto import parse_canonical, present, sized

ITERATION_LIMIT = 1 << 31
"""A sender key ends here, so that no receiver's counter of 32 bits wraps, with or without a sign."""

_VERSION = b"\x33"
"""Message version in the high half, newest known version in the low half."""


@dataclass(frozen=True, slots=True)
class SenderKeyDistribution:
    """A sender key from `iteration` on; the chain key (secret) and the signing key (public) have 32 bytes.

    Nothing in the frame says whose it is: that is known from the pairwise session which carries it.
    """

    id: int
    iteration: int
    chain_key: bytes = field(repr=False)
    signing_key: bytes

    def encode(self) -> bytes:
        message = pb.SenderKeyDistributionMessage(
            id=self.id,
            iteration=self.iteration,
            chainKey=self.chain_key,
            signingKey=with_type(self.signing_key),
        )
        return _VERSION + message.SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, frame: bytes) -> Self:
        """Raises DecodeError."""
        _check_version(frame, "SenderKeyDistributionMessage")
        message = parse_canonical(pb.SenderKeyDistributionMessage, frame[len(_VERSION) :], FRAME_LIMIT)
        present(message, "id")
        return cls(message.id, _iteration(message), sized(message, "chainKey", KEY_SIZE), _signing_key(message))


@dataclass(frozen=True, slots=True)
class SenderKeyMessage:
    """One message under a sender key: `ciphertext` is whole AES blocks, `signature` has 64 bytes."""

    id: int
    iteration: int
    ciphertext: bytes
    signature: bytes

    def signed(self) -> bytes:
        """What the signature covers."""
        message = pb.SenderKeyMessage(id=self.id, iteration=self.iteration, ciphertext=self.ciphertext)
        return _VERSION + message.SerializeToString(deterministic=True)

    def encode(self) -> bytes:
        return self.signed() + self.signature

    @classmethod
    def decode(cls, frame: bytes) -> Self:
        """Raises DecodeError; the signature is not verified here."""
        if len(frame) < len(_VERSION) + SIGNATURE_SIZE:
            raise DecodeError(f"{len(frame)} bytes, too short for a signature", "SenderKeyMessage")
        _check_version(frame, "SenderKeyMessage")
        message = parse_canonical(pb.SenderKeyMessage, frame[len(_VERSION) : -SIGNATURE_SIZE], FRAME_LIMIT)
        present(message, "id", "ciphertext")
        if not message.ciphertext or len(message.ciphertext) % BLOCK_SIZE:
            raise DecodeError(f"{len(message.ciphertext)} bytes, not whole blocks", "SenderKeyMessage.ciphertext")
        return cls(message.id, _iteration(message), message.ciphertext, frame[-SIGNATURE_SIZE:])


def _check_version(frame: bytes, where: str) -> None:
    if not frame.startswith(_VERSION):
        raise DecodeError(f"version byte {frame[:1].hex() or 'absent'}, must be {_VERSION.hex()}", where)


def _iteration(message: pb.SenderKeyMessage | pb.SenderKeyDistributionMessage) -> int:
    present(message, "iteration")
    if message.iteration >= ITERATION_LIMIT:
        raise DecodeError(f"{message.iteration}, more than 31 bits", f"{message.DESCRIPTOR.name}.iteration")
    return message.iteration


def _signing_key(message: pb.SenderKeyDistributionMessage) -> bytes:
    present(message, "signingKey")
    try:
        return without_type(message.signingKey)
    except InvalidKey as error:
        raise DecodeError(str(error), "SenderKeyDistributionMessage.signingKey") from error
