"""The targets: every decoder of the reference implementation that attacker bytes reach.

Import it under the instrumentation of the fuzzer, or the decoders run without coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fuzz.errors import FuzzError
from fuzz.mutation import between, deflated, padded
from fuzz.protobuf import join, split
from fuzz.targets.target import HEADROOM, Target
from impl.address import Address
from impl.crypto.entropy import seeded
from impl.wire import content, history, padding
from impl.wire.adv import (
    DeviceIdentity,
    IdentityContainer,
    KeyIndexList,
    SignedDeviceIdentity,
    SignedKeyIndexList,
)
from impl.wire.content import Message
from impl.wire.frames import MAC_SIZE, PreKeySignalMessage, SignalMessage
from impl.wire.history import History
from impl.wire.qr import PREFIX, Qr

__all__ = ["TARGETS", "Target", "named"]

VERSION_SIZE = 1


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _as_it_is(data: bytes) -> bytes:
    return data


def _with_url(data: bytes) -> bytes:
    """A QR text may leave out the URL."""
    return PREFIX.encode() + data.removeprefix(PREFIX.encode())


def _without(*zeros: str) -> Callable[[bytes], bytes]:
    """Foreign encoders write enums of value zero, ours leaves them out: `zeros` are those fields, in hex."""
    spelled = {bytes.fromhex(zero) for zero in zeros}
    return lambda data: join([chunk for chunk in split(data) if bytes(chunk) not in spelled])


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


def _stream(length: int) -> int:
    """What was inflated, in pieces and then joined, with one growing piece more."""
    return HEADROOM + 3 * history.inflated_limit(length)


def _objects(length: int) -> int:
    return HEADROOM + 64 * history.inflated_limit(length)


TARGETS = {
    target.name: target
    for target in (
        Target(
            "qr",
            lambda data: Qr.decode(_text(data)),
            lambda qr: _bytes(qr.encode()),
            "qr",
            600,
            spelling=_with_url,
        ),
        Target(
            "address",
            lambda data: Address.parse(_text(data)),
            lambda address: _bytes(str(address)),
            "address",
            100,
            spelling=_as_it_is,
        ),
        Target(
            "identity-container",
            IdentityContainer.decode,
            IdentityContainer.encode,
            "adv",
            600,
            spelling=_without("1800"),
        ),
        Target(
            "signed-identity",
            SignedDeviceIdentity.decode,
            SignedDeviceIdentity.encode,
            "adv",
            600,
            spelling=_as_it_is,
        ),
        Target(
            "device-identity",
            DeviceIdentity.decode,
            DeviceIdentity.encode,
            "adv",
            600,
            spelling=_without("2000", "2800"),
        ),
        Target(
            "signed-key-index-list",
            SignedKeyIndexList.decode,
            SignedKeyIndexList.encode,
            "adv",
            5000,
            spelling=_as_it_is,
        ),
        Target(
            "key-index-list",
            KeyIndexList.decode,
            KeyIndexList.encode,
            "adv",
            5000,
            spelling=_without("2800"),
        ),
        Target("padding", _unpad, _pad, "content", 600, padded, spelling=_as_it_is),
        Target("plaintext", _read_plaintext, _write_plaintext, "content", 2000, padded),
        Target(
            "message-frame",
            SignalMessage.decode,
            SignalMessage.encode,
            "frames",
            2000,
            between(VERSION_SIZE, MAC_SIZE),
            spelling=_as_it_is,
        ),
        Target(
            "prekey-message-frame",
            PreKeySignalMessage.decode,
            PreKeySignalMessage.encode,
            "frames",
            2000,
            between(VERSION_SIZE, 0),
            spelling=_as_it_is,
        ),
        Target("history-notice", content.decode, content.encode, "content", 2000),
        Target(
            "history-stream",
            lambda data: history.inflate(data),  # looked up at every call: a seeded fault may stand in its place
            history.deflate,
            "content",
            4000,
            deflated,
            memory=_stream,
            inflates=True,
        ),
        Target("history-blob", History.decode, History.encode, "content", 4000, deflated, memory=_objects),
    )
}


def named(names: Iterable[str]) -> list[Target]:
    """The targets of these names, all if none is given. FuzzError names what there is."""
    wanted = list(dict.fromkeys(names)) or list(TARGETS)
    for name in wanted:
        if name not in TARGETS:
            raise FuzzError(f"no target is called {name!r}; there are {', '.join(TARGETS)}")
    return [TARGETS[name] for name in wanted]
