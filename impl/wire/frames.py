"""Frames of a pairwise session: a version byte, a protobuf, and for SignalMessage a MAC of 8 bytes.

Source: libsignal, rust/protocol/src/protocol.rs; formats in WhisperTextProtocol.proto of
tulir/libsignal-protocol-go. One frame has one encoding: fields in order, none unknown.
"""

from typing import Self

from google.protobuf.message import Message
from msgspec import Struct

from impl.crypto.keys import InvalidKey, with_type, without_type
from impl.wire.errors import DecodeError
from impl.wire.pb import signal_pb2 as pb
from impl.wire.proto import parse_canonical, present

FRAME_LIMIT = 1 << 20
ID_LIMIT = 1 << 24
MAC_SIZE = 8
_BLOCK_SIZE = 16
_VERSION = b"\x33"
"""Message version in the high half, newest known version in the low half."""


class SignalMessage(Struct, frozen=True):
    """One message of a session. `ratchet_key` has 32 bytes, `mac` 8; `ciphertext` is whole AES blocks."""

    ratchet_key: bytes
    counter: int
    previous_counter: int
    ciphertext: bytes
    mac: bytes

    def authenticated(self) -> bytes:
        """What the MAC covers besides the two identity keys."""
        message = pb.SignalMessage(
            ratchetKey=with_type(self.ratchet_key),
            counter=self.counter,
            previousCounter=self.previous_counter,
            ciphertext=self.ciphertext,
        )
        return _VERSION + message.SerializeToString(deterministic=True)

    def encode(self) -> bytes:
        return self.authenticated() + self.mac

    @classmethod
    def decode(cls, frame: bytes) -> Self:
        """Raises DecodeError."""
        _check_version(frame, "SignalMessage")
        if len(frame) < len(_VERSION) + MAC_SIZE:
            raise DecodeError(f"{len(frame)} bytes, too short for a MAC", "SignalMessage")
        message = parse_canonical(pb.SignalMessage, frame[len(_VERSION) : -MAC_SIZE], FRAME_LIMIT)
        present(message, "counter", "previousCounter", "ciphertext")
        if not message.ciphertext or len(message.ciphertext) % _BLOCK_SIZE:
            raise DecodeError(f"{len(message.ciphertext)} bytes, not whole blocks", "SignalMessage.ciphertext")
        return cls(
            _point(message, "ratchetKey"),
            message.counter,
            message.previousCounter,
            message.ciphertext,
            frame[-MAC_SIZE:],
        )


class PreKeySignalMessage(Struct, frozen=True):
    """A message that also starts a session; keys have 32 bytes, `message` is a whole SignalMessage frame.

    Nothing authenticates the numbers: a wrong key identifier names another key, and then the MAC of the
    message fails, but a wrong registration identifier goes unnoticed.
    """

    registration_id: int
    one_time_id: int | None
    signed_prekey_id: int
    base_key: bytes
    identity: bytes
    message: bytes

    def encode(self) -> bytes:
        message = pb.PreKeySignalMessage(
            preKeyId=self.one_time_id,
            baseKey=with_type(self.base_key),
            identityKey=with_type(self.identity),
            message=self.message,
            registrationId=self.registration_id,
            signedPreKeyId=self.signed_prekey_id,
        )
        return _VERSION + message.SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, frame: bytes) -> Self:
        """Raises DecodeError, also for a fault of the SignalMessage inside."""
        _check_version(frame, "PreKeySignalMessage")
        message = parse_canonical(pb.PreKeySignalMessage, frame[len(_VERSION) :], FRAME_LIMIT)
        present(message, "message", "registrationId", "signedPreKeyId")
        SignalMessage.decode(message.message)
        for name in ("preKeyId", "signedPreKeyId"):
            if getattr(message, name) >= ID_LIMIT:
                raise DecodeError(f"{getattr(message, name)}, more than 24 bits", f"PreKeySignalMessage.{name}")
        return cls(
            message.registrationId,
            message.preKeyId if message.HasField("preKeyId") else None,
            message.signedPreKeyId,
            _point(message, "baseKey"),
            _point(message, "identityKey"),
            message.message,
        )


def _check_version(frame: bytes, where: str) -> None:
    if not frame.startswith(_VERSION):
        raise DecodeError(f"version byte {frame[:1].hex() or 'absent'}, must be {_VERSION.hex()}", where)


def _point(message: Message, name: str) -> bytes:
    present(message, name)
    try:
        return without_type(getattr(message, name))
    except InvalidKey as error:
        raise DecodeError(str(error), f"{message.DESCRIPTOR.name}.{name}") from error
