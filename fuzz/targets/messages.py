"""Messages: the frames that sessions and sender keys put around them, the padding, and every content."""

from __future__ import annotations

from fuzz.mutation import between, padded
from fuzz.targets.spelling import as_it_is
from fuzz.targets.target import Target
from impl.crypto.entropy import seeded
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.wire import content, padding
from impl.wire.content import Message
from impl.wire.frames import MAC_SIZE, PreKeySignalMessage, SignalMessage
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage

VERSION_SIZE = 1


def _unpad(data: bytes) -> tuple[bytes, int]:
    message = padding.unpad(data)
    return message, len(data) - len(message)


def _pad(padded_message: tuple[bytes, int]) -> bytes:
    message, n = padded_message
    return message + bytes([n]) * n


def _read_plaintext(data: bytes) -> Message:
    return content.decode(padding.unpad(data))


def _write_plaintext(value: Message) -> bytes:
    return padding.pad(content.encode(value), seeded(b""))


TARGETS = (
    Target("padding", _unpad, _pad, "content", 600, padded, spelling=as_it_is),
    Target("plaintext", _read_plaintext, _write_plaintext, "content", 2000, padded),
    # one decoder, and what it holds begins elsewhere each time: from one seed to another is a long way
    *(
        Target(name, content.decode, content.encode, "content", 2000)
        for name in ("chat-content", "peer-content", "group-content", "hint")
    ),
    Target(
        "message-frame",
        SignalMessage.decode,
        SignalMessage.encode,
        "frames",
        2000,
        between(VERSION_SIZE, MAC_SIZE),
        spelling=as_it_is,
    ),
    Target(
        "prekey-message-frame",
        PreKeySignalMessage.decode,
        PreKeySignalMessage.encode,
        "frames",
        2000,
        between(VERSION_SIZE, 0),
        spelling=as_it_is,
    ),
    Target(
        "sender-key-distribution",
        SenderKeyDistribution.decode,
        SenderKeyDistribution.encode,
        "frames",
        200,
        between(VERSION_SIZE, 0),
        spelling=as_it_is,
    ),
    Target(
        "sender-key-message",
        SenderKeyMessage.decode,
        SenderKeyMessage.encode,
        "frames",
        2000,
        between(VERSION_SIZE, SIGNATURE_SIZE),
        spelling=as_it_is,
    ),
)
