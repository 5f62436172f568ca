"""A message of every content that the harness speaks, and of some that it does not."""

from __future__ import annotations

from dataclasses import replace

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KEY_SIZE
from impl.groups import OwnSenderKey
from impl.hints import key_hash
from impl.wire.content import (
    TIMERS,
    Body,
    CallKey,
    ChatBody,
    ChunkRetry,
    DeviceHint,
    DeviceSent,
    FatalException,
    HistoryFile,
    HistoryNotice,
    HistoryRequest,
    HistoryType,
    KeyDistribution,
    KeyRequest,
    KeyShare,
    Media,
    Message,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
    Revoke,
    SyncKey,
    Text,
    Timer,
    TimerSetting,
    Unsupported,
    encode,
)
from impl.wire.history import History
from impl.wire.pb import content_pb2 as pb

NOW = 1626220800
USER, GROUP, ID = "15550002", "120363000000000001-1626@g.us", "3EB0C431"
TIMER = Timer(TIMERS[1], NOW)
WRAPPERS = ("ephemeralMessage", "viewOnceMessage", "documentWithCaptionMessage", "editedMessage")


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of each target by name."""
    chats = [*_media(entropy), *_texts()]
    messages: dict[str, list[Message | Body]] = {
        "chat-content": [*chats, *(DeviceSent(GROUP, body) for body in chats), CallKey(entropy(KEY_SIZE))],
        "peer-content": _peer(entropy),
        "group-content": _group(entropy),
        "hint": _hints(entropy),
    }
    inputs = {name: [encode(each) for each in bodies] for name, bodies in messages.items()}
    inputs["chat-content"] += [_wrapped(inputs["chat-content"][0], name) for name in WRAPPERS]
    return inputs


def _texts() -> list[ChatBody]:
    return [
        Text("hi"),
        Text("ünïcödé 🙂", TIMER),
        TimerSetting(TIMERS[2], NOW),
        Revoke(USER, False, ID),
        Revoke(GROUP, True, ID),
        Unsupported(("pollCreationMessage", "#1000")),
    ]


def _media(entropy: Entropy) -> list[ChatBody]:
    image = Media(
        "image",
        "/v/t62.7118-24/1",
        "image/jpeg",
        entropy(32),
        entropy(32),
        100_000,
        entropy(KEY_SIZE),
        "caption",
        timer=TIMER,
    )
    return [
        image,
        replace(image, kind="video", view_once=True),
        replace(image, kind="document"),
        replace(image, kind="audio", caption="", view_once=True),
        replace(image, kind="sticker", caption="", timer=None),
    ]


def _peer(entropy: Entropy) -> list[Message | Body]:
    key = SyncKey(entropy(6), entropy(KEY_SIZE), 7, 3, (0, 1, 3), NOW * 1000)
    file = HistoryFile(entropy(32), 5000, entropy(KEY_SIZE), entropy(32), "/1")
    return [
        HistoryNotice(file, HistoryType.ON_DEMAND, 2, 50, ID, NOW),
        HistoryNotice(History(()).encode(), HistoryType.PUSH_NAME),
        HistoryRequest(USER, ID, True, 50, NOW * 1000),
        PlaceholderRequest(USER, False, ID),
        PlaceholderRequest(GROUP, False, ID, USER),
        PlaceholderResponse(ID, b"\x0a\x00"),
        ChunkRetry(HistoryType.RECENT, 2, ID),
        RecoveryRequest("regular_low", NOW),
        RecoveryResponse(ID, b"\x0a\x02\x08\x01", True),
        KeyShare((key, SyncKey(entropy(6), None))),
        KeyRequest((key.id, entropy(6))),
        FatalException(("regular", "regular_low"), NOW * 1000),
    ]


def _group(entropy: Entropy) -> list[Message | Body]:
    distribution = KeyDistribution(GROUP, OwnSenderKey.generate(entropy).distribution().encode())
    return [Message(body, None, distribution) for body in (None, Text("hi"), DeviceSent(GROUP, Text("hi")))]


def _hints(entropy: Entropy) -> list[Message | Body]:
    own, other = (key_hash(entropy(KEY_SIZE) for _ in range(2)) for _ in range(2))
    return [
        Message(Text("hi"), hint)
        for hint in (
            DeviceHint(own, NOW, (0, 1), other, NOW - 1, ()),
            DeviceHint(None, NOW, (), other, None, (0,)),
            DeviceHint(None, None, (), None, None, ()),
        )
    ]


def _wrapped(message: bytes, name: str) -> bytes:
    outer = pb.Message()
    getattr(outer, name).message.ParseFromString(message)
    return outer.SerializeToString(deterministic=True)
