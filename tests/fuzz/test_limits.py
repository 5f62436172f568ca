"""The bounds of every target from both sides: what is just small enough, and what is just too large."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest

from fuzz.targets import TARGETS, Target
from impl.crypto.entropy import seeded
from impl.wire import content, nodes
from impl.wire.actiondata import ActionData, encode_index
from impl.wire.adv import IdentityContainer, KeyIndexList, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.appstate import LIMIT, ExternalBlob, KeyId, Snapshot
from impl.wire.content import HistoryFile, HistoryNotice, KeyDistribution, KeyRequest, Message, Text
from impl.wire.errors import DecodeError
from impl.wire.frames import PreKeySignalMessage, SignalMessage
from impl.wire.inflating import RATIO_LIMIT
from impl.wire.media_retry import RetryAnswer, RetryRequest, RetryResult
from impl.wire.nodes import Node
from impl.wire.qr import Qr
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage

KEY = bytes(32)


def accepts(target: Target, data: bytes) -> bool:
    with suppress(DecodeError):
        target.decode(data)
        return True
    return False


def _qr(size: int) -> bytes:
    return Qr("r" * (size - 175), KEY, KEY, KEY, "1").encode().encode()


def _identity(size: int) -> bytes:
    return SignedDeviceIdentity(bytes(size - 3)).encode()


def _container(size: int) -> bytes:
    return IdentityContainer(bytes(size - 37), KEY).encode()


def _list(size: int) -> bytes:
    return SignedKeyIndexList(bytes(size - 69), bytes(64)).encode()


def _indexes(count: int) -> bytes:
    return KeyIndexList(1, 2, 3, tuple(range(count))).encode()


def _frame(previous_counter: int, blocks: int = 65533) -> bytes:
    return SignalMessage(KEY, 2**32 - 1, previous_counter, bytes(16 * blocks), bytes(8)).encode()


def _first_frame(one_time_id: int = 1, signed_prekey_id: int = 1, registration_id: int = 1, blocks: int = 1) -> bytes:
    frame = _frame(128, blocks)
    return PreKeySignalMessage(registration_id, one_time_id, signed_prekey_id, KEY, KEY, frame).encode()


def _ratchet_key(size: int) -> bytes:
    fields = bytes([0x0A, size + 1, 0x05]) + bytes(size) + bytes.fromhex("10001800") + b"\x22\x10" + bytes(16)
    return b"\x33" + fields + bytes(8)


def _text(size: int) -> bytes:
    return content.encode(Text("a" * (size - 4)))


def _notice(length: int = 1, progress: int = 0) -> bytes:
    return content.encode(HistoryNotice(HistoryFile(KEY, length, KEY, KEY, "/"), progress=progress))


def _distribution(iteration: int) -> bytes:
    return SenderKeyDistribution(1, iteration, KEY, KEY).encode()


def _group_frame(iteration: int, blocks: int = 1) -> bytes:
    return SenderKeyMessage(1, iteration, bytes(16 * blocks), bytes(64)).encode()


def _key_request(count: int) -> bytes:
    return content.encode(KeyRequest((bytes(6),) * count))


def _in_group(name_size: int) -> bytes:
    return content.encode(Message(None, None, KeyDistribution("1" * name_size + "@g.us", b"")))


def _snapshot(version: int) -> bytes:
    return Snapshot(version, (), KEY, KeyId(0, 1)).encode()


def _app_state_file(length: int) -> bytes:
    return ExternalBlob(KEY, "/", length, KEY, KEY).encode()


def _index(parts: int, size: int) -> bytes:
    """So many strings in so many bytes of JSON."""
    empty = encode_index(("",) * parts)
    return encode_index(("a" * (size - len(empty)), *("",) * (parts - 1)))


def _action(index: bytes) -> bytes:
    return ActionData(index, b"", 1).encode()


def _retry(size: int) -> bytes:
    return RetryRequest("a" * (size - 3)).encode()


def _answer(path_size: int) -> bytes:
    return RetryAnswer("a", RetryResult.SUCCESS, "/" * path_size).encode()


def _nested(depth: int) -> bytes:
    node = Node("iq")
    for _ in range(depth - 1):
        node = Node("iq", content=(node,))
    return nodes.encode(node)


def _children(count: int) -> bytes:
    """Below a root and one child, whose last child has one itself."""
    last = Node("iq", content=(Node("iq"),))
    return nodes.encode(Node("iq", content=(Node("iq", content=(Node("iq"),) * (count - 2) + (last,)),)))


def _stream(beyond: int) -> bytes:
    """A stream that inflates to 200 times its own length, and `beyond` bytes more."""
    noise, size = seeded(b"noise")(1000), 0
    for _ in range(20):
        size = RATIO_LIMIT * len(zlib.compress(noise + bytes(size))) - len(noise)
    return zlib.compress(noise + bytes(size + beyond))


@pytest.mark.parametrize(
    ("name", "longest", "beyond"),
    [
        ("qr", _qr(512), _qr(513)),
        ("address", b"1" * 32 + b"@s.whatsapp.net", b"1" * 33 + b"@s.whatsapp.net"),
        ("address", b"1:255@s.whatsapp.net", b"1:256@s.whatsapp.net"),
        ("identity-container", _container(500), _container(501)),
        ("signed-identity", _identity(500), _identity(501)),
        ("signed-key-index-list", _list(4096), _list(4097)),
        ("key-index-list", _indexes(64), _indexes(65)),
        ("padding", b"a" + b"\x10" * 16, b"a" + b"\x11" * 17),
        ("plaintext", _text(1 << 20) + b"\x01", _text((1 << 20) + 1) + b"\x01"),
        ("message-frame", _frame(128), _frame(1 << 14)),
        ("message-frame", _ratchet_key(32), _ratchet_key(33)),
        ("prekey-message-frame", _first_frame(one_time_id=(1 << 24) - 1), _first_frame(one_time_id=1 << 24)),
        ("prekey-message-frame", _first_frame(signed_prekey_id=(1 << 24) - 1), _first_frame(signed_prekey_id=1 << 24)),
        (
            "prekey-message-frame",
            _first_frame(1, (1 << 24) - 1, (1 << 32) - 1, blocks=65527),
            _first_frame(128, (1 << 24) - 1, (1 << 32) - 1, blocks=65527),
        ),
        ("peer-content", _notice(length=64 << 20), _notice(length=(64 << 20) + 1)),
        ("peer-content", _notice(progress=100), _notice(progress=101)),
        ("history-stream", _stream(beyond=0), _stream(beyond=1)),
        ("history-stream", zlib.compress(bytes(64 << 20), 0), zlib.compress(bytes((64 << 20) + 1), 0)),
        ("pairing-code", b"1111-1111".rjust(64), b"1111-1111".rjust(65)),
        ("wrapped-key", bytes(80), bytes(81)),
        ("wrapped-bundle", bytes(156), bytes(157)),
        ("sender-key-distribution", _distribution((1 << 31) - 1), _distribution(1 << 31)),
        ("sender-key-message", _group_frame((1 << 31) - 1), _group_frame(1 << 31)),
        ("peer-content", _key_request(100), _key_request(101)),
        ("group-content", _in_group(64), _in_group(65)),
        ("app-state-snapshot", _snapshot((1 << 63) - 1), _snapshot(1 << 63)),
        ("app-state-file", _app_state_file(LIMIT), _app_state_file(LIMIT + 1)),
        ("app-state-index", _index(16, 100), _index(17, 100)),
        ("app-state-index", _index(1, 4096), _index(1, 4097)),
        ("app-state-data", _action(_index(1, 4096)), _action(_index(1, 4097))),
        ("node", _nested(64), _nested(65)),
        ("node", _children((1 << 16) - 2), _children((1 << 16) - 1)),
        ("frame-payload", b"\x02" + _stream(beyond=0), b"\x02" + _stream(beyond=1)),
        ("frame-payload", bytes(1 + (16 << 20)), bytes(2 + (16 << 20))),
        ("media-path", b"/" * 2048, b"/" * 2049),
        ("media-retry-request", _retry(4096), _retry(4097)),
        ("media-retry-answer", _answer(2048), _answer(2049)),
    ],
)
def test_limits_from_both_sides(name: str, longest: bytes, beyond: bytes) -> None:
    assert accepts(TARGETS[name], longest)
    assert not accepts(TARGETS[name], beyond)
