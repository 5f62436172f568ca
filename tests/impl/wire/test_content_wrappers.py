"""What is wrapped around a content, and contents that are not spoken."""

import pytest

from impl.wire.content import (
    UNKNOWN_LIMIT,
    WRAPPER_LIMIT,
    Body,
    CallKey,
    DeviceSent,
    FatalException,
    HistoryRequest,
    KeyDistribution,
    KeyShare,
    Message,
    Text,
    Unsupported,
    decode,
    encode,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from tests.impl.wire.content.samples import field

GROUP = "120363-1@g.us"


def wrapped(name: str, message: pb.Message) -> pb.Message:
    wrapper = pb.DeviceSentMessage(destinationJID="1@s.whatsapp.net") if name == "deviceSentMessage" else None
    outer = pb.Message(**{name: wrapper or pb.FutureProofMessage()})  # type: ignore[arg-type]
    getattr(outer, name).message.CopyFrom(message)
    return outer


def nested(names: list[str], body: Body = Text("hi")) -> bytes:  # noqa: B008
    """The body inside the wrappers, the first of them outermost."""
    message = pb.Message.FromString(encode(body))
    for name in reversed(names):
        message = wrapped(name, message)
    return message.SerializeToString()


WRAPPERS = {
    "deviceSentMessage": 31,
    "viewOnceMessage": 37,
    "ephemeralMessage": 40,
    "documentWithCaptionMessage": 53,
    "viewOnceMessageV2": 55,
    "editedMessage": 58,
    "viewOnceMessageV2Extension": 59,
}
KINDS = list(WRAPPERS)


@pytest.mark.parametrize(("name", "number"), WRAPPERS.items())
def test_wrappers_are_taken_off(name: str, number: int) -> None:
    copy = name == "deviceSentMessage"
    inside = field(2 if copy else 1, encode(Text("hi")))
    data = field(number, (field(1, b"1@s.whatsapp.net") if copy else b"") + inside)
    assert decode(data) == Message(DeviceSent("1", Text("hi")) if copy else Text("hi"))


def test_wrappers_nest_only_so_deep() -> None:
    assert decode(nested(KINDS[:WRAPPER_LIMIT])) == Message(DeviceSent("1", Text("hi")))
    with pytest.raises(DecodeError, match="wrappers"):
        decode(nested(KINDS[: WRAPPER_LIMIT + 1]))


@pytest.mark.parametrize(
    "names",
    [
        ["ephemeralMessage", "ephemeralMessage"],
        ["ephemeralMessage", "editedMessage", "ephemeralMessage"],
        ["ephemeralMessage", "deviceSentMessage"],
        *(["deviceSentMessage"] * depth for depth in (2, 20, 200, 2000)),
    ],
    ids=lambda names: f"{len(names)} {names[-1]}",
)
def test_no_wrapper_comes_twice_and_copies_are_outermost(names: list[str]) -> None:
    data = encode(Text("hi"))
    for name in reversed(names):
        copy = name == "deviceSentMessage"
        address, at = (field(1, b"1@s.whatsapp.net"), 2) if copy else (b"", 1)
        data = field(WRAPPERS[name], address + field(at, data))
    with pytest.raises(DecodeError):
        decode(data)


@pytest.mark.parametrize("name", ["deviceSentMessage", "ephemeralMessage"])
@pytest.mark.parametrize("body", [KeyShare(()), FatalException((), 1), CallKey(bytes(32))], ids=lambda body: type(body))
def test_only_what_is_said_in_a_chat_is_wrapped(name: str, body: Body) -> None:
    with pytest.raises(DecodeError, match="in a chat"):
        decode(nested([name], body))


REQUEST = HistoryRequest("2", "A", True, 5, 1)


def test_what_is_asked_of_the_phone_may_come_as_a_copy() -> None:
    assert decode(nested(["deviceSentMessage"], REQUEST)) == Message(DeviceSent("1", REQUEST))
    assert decode(encode(DeviceSent("1", REQUEST))) == Message(DeviceSent("1", REQUEST))


@pytest.mark.parametrize("names", [["ephemeralMessage"], ["deviceSentMessage", "ephemeralMessage"]])
def test_it_comes_in_nothing_else(names: list[str]) -> None:
    with pytest.raises(DecodeError, match="in a chat"):
        decode(nested(names, REQUEST))


@pytest.mark.parametrize("to", [None, "", "1", "1:2@s.whatsapp.net", "1@lid", "status@broadcast", "x@g.us"])
def test_a_copy_names_the_chat(to: str | None) -> None:
    message = wrapped("deviceSentMessage", pb.Message(conversation="hi"))
    message.deviceSentMessage.destinationJID = GROUP
    assert decode(message.SerializeToString()) == Message(DeviceSent(GROUP, Text("hi")))
    message.deviceSentMessage.ClearField("destinationJID")
    if to is not None:
        message.deviceSentMessage.destinationJID = to
    with pytest.raises(DecodeError):
        decode(message.SerializeToString())


def test_a_distribution_inside_a_wrapper_is_no_content() -> None:
    alone = pb.Message.FromString(encode(Message(None, None, KeyDistribution(GROUP, b"x"))))
    with pytest.raises(DecodeError):
        decode(wrapped("ephemeralMessage", alone).SerializeToString())


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (field(46), ("reactionMessage",)),
        (field(70) + field(49), ("pollCreationMessage", "messageHistoryBundle")),
        (field(1000) + field(999, b"x") + field(1000), ("#999", "#1000")),
        (field(1000) + field(46), ("reactionMessage", "#1000")),
        (field(10), ("call",)),
        (field(12), ("protocolMessage",)),
        (field(12, bytes.fromhex("100e")), ("protocolMessage",)),
        (field(12, bytes.fromhex("1010" + "8201020800")), ("protocolMessage",)),
        (field(12, bytes.fromhex("1011" + "8a01020800")), ("protocolMessage",)),
    ],
    ids=[
        "reaction",
        "two",
        "unnamed",
        "named and unnamed",
        "another call",
        "protocol without a type",
        "edit",
        "another request",
        "another response",
    ],
)
def test_what_is_not_spoken_is_told_by_name(data: bytes, names: tuple[str, ...]) -> None:
    assert decode(data) == Message(Unsupported(names))
    assert decode(field(40, field(1, data))) == Message(Unsupported(names))
    assert decode(encode(Unsupported(names))) == Message(Unsupported(names))


@pytest.mark.parametrize("number", [35, 46, 1000])
def test_what_is_not_spoken_is_skipped_beside_what_is(number: int) -> None:
    assert decode(encode(Text("hi")) + field(number)) == Message(Text("hi"))


def test_unnamed_fields_are_counted() -> None:
    assert decode(field(1000) * UNKNOWN_LIMIT) == Message(Unsupported(("#1000",)))
    with pytest.raises(DecodeError, match="unknown fields"):
        decode(field(1000) * (UNKNOWN_LIMIT + 1))
