"""Announced media: every kind under its own field numbers, and view once."""

from typing import Any

import pytest

from impl.wire.content import DeviceSent, Media, MediaKind, Message, Text, Timer, decode, encode
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

NUMBERS: dict[MediaKind, str] = {
    "image": "1a",
    "video": "4a",
    "audio": "42",
    "document": "3a",
    "sticker": "d201",
}
KINDS = list(NUMBERS)


def media(kind: MediaKind = "image", **changes: Any) -> Media:
    file = {"path": "/p", "mimetype": "m", "sha256": b"\x01" * 32, "enc_sha256": b"\x02" * 32, "length": 7}
    return Media(kind, **(file | {"media_key": b"\x03" * 32} | changes))


HASHES = {"sha256": "20" + "01" * 32, "enc_sha256": "20" + "02" * 32, "key": "20" + "03" * 32}
FIELDS: dict[MediaKind, str] = {
    "image": "12016d" + "22{sha256}" + "2807" + "42{key}" + "4a{enc_sha256}" + "5a022f70",
    "video": "12016d" + "1a{sha256}" + "2007" + "32{key}" + "5a{enc_sha256}" + "6a022f70",
    "audio": "12016d" + "1a{sha256}" + "2007" + "3a{key}" + "42{enc_sha256}" + "4a022f70",
    "document": "12016d" + "22{sha256}" + "2807" + "3a{key}" + "4a{enc_sha256}" + "52022f70",
    "sticker": "12{sha256}" + "1a{enc_sha256}" + "22{key}" + "2a016d" + "42022f70" + "4807",
}


@pytest.mark.parametrize("kind", KINDS)
def test_real_field_numbers(kind: MediaKind) -> None:
    fields = FIELDS[kind].format(**HASHES)
    assert encode(media(kind)).hex() == NUMBERS[kind] + f"{len(fields) // 2:02x}" + fields


@pytest.mark.parametrize(
    ("kind", "caption", "view_once"),
    [
        ("image", "1a016b", "c80101"),
        ("video", "3a016b", "a00101"),
        ("document", "a201016b", ""),
        ("audio", "", "a80101"),
    ],
)
def test_captions_and_flags(kind: MediaKind, caption: str, view_once: str) -> None:
    if caption:
        assert caption in encode(media(kind, caption="k")).hex()
    if view_once:
        assert encode(media(kind, view_once=True)).hex().endswith(view_once)


def test_the_timer_of_media() -> None:
    timed = media(timer=Timer(86400, 7))
    assert encode(timed).hex().endswith("8a0108" + "c801" + "80a305" + "d00107")
    assert decode(encode(timed)) == Message(timed)


WRAPPERS = ["viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"]


def wrapped(name: str, message: pb.Message) -> bytes:
    return pb.Message(**{name: pb.FutureProofMessage(message=message)}).SerializeToString()  # type: ignore[arg-type]


def test_view_once_is_written_as_wrapper_and_flag() -> None:
    outer = pb.Message.FromString(encode(media(view_once=True)))
    assert [field.name for field, _ in outer.ListFields()] == ["viewOnceMessageV2"]
    assert outer.viewOnceMessageV2.message.imageMessage.viewOnce


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_the_wrapper_alone_says_view_once(kind: MediaKind, wrapper: str) -> None:
    bare = pb.Message.FromString(encode(media(kind)))
    assert decode(wrapped(wrapper, bare)) == Message(media(kind, view_once=True))
    assert decode(wrapped("ephemeralMessage", bare)) == Message(media(kind))


@pytest.mark.parametrize("kind", ["image", "video", "audio"])
def test_the_flag_alone_says_view_once(kind: MediaKind) -> None:
    outer = pb.Message.FromString(encode(media(kind, view_once=True)))
    assert decode(outer.viewOnceMessageV2.message.SerializeToString()) == Message(media(kind, view_once=True))


def test_view_once_is_kept_in_a_copy() -> None:
    copy = DeviceSent("1", media(view_once=True))
    assert decode(encode(copy)) == Message(copy)


def test_a_text_is_not_viewed_but_once() -> None:
    assert decode(wrapped("viewOnceMessageV2", pb.Message(conversation="hi"))) == Message(Text("hi"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["directPath", "mimetype", "fileSHA256", "fileEncSHA256", "fileLength", "mediaKey"])
def test_every_field_is_needed(kind: MediaKind, name: str) -> None:
    message = pb.Message.FromString(encode(media(kind)))
    getattr(message, f"{kind}Message").ClearField(name)
    with pytest.raises(DecodeError, match=f"{name}: absent"):
        decode(message.SerializeToString())


@pytest.mark.parametrize(
    "change",
    [
        *({name: bytes(size)} for name in ("sha256", "enc_sha256", "media_key") for size in (31, 33)),
        {"path": "p"},
        {"path": "https://host/p"},
    ],
    ids=str,
)
def test_each_rule_is_kept(change: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        decode(encode(media(**change)))


def test_captions_are_utf8() -> None:
    data = encode(media(caption="k")).replace(b"\x1a\x01k", b"\x1a\x01\xff")
    with pytest.raises(DecodeError, match="UTF-8"):
        decode(data)
