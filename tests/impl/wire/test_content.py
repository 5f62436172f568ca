"""Messages as a whole: what stands beside a content, what is wrapped around it, what is not spoken."""

import pytest
from google.protobuf.internal.encoder import _VarintBytes  # type: ignore[attr-defined]
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.content import (
    FILE_LIMIT,
    INDEX_LIMIT,
    LIMIT,
    TIMERS,
    UNKNOWN_LIMIT,
    WRAPPER_LIMIT,
    Body,
    CallKey,
    DeviceHint,
    DeviceSent,
    FatalException,
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
    decode,
    encode,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

GROUP = "120363-1@g.us"
USER_JID = b"1@s.whatsapp.net".hex()
TEXT = "0a026869"  # Text("hi")

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
TIMES = st.integers(0, 2**63 - 1)
HASH = KEY = st.binary(min_size=32, max_size=32)
KEY_ID = st.binary(min_size=6, max_size=6)
INDEXES = st.lists(U32, max_size=3).map(tuple)
PATHS = st.text().map("/".__add__)
USERS = st.text("0123456789abc", min_size=1, max_size=32)
GROUPS = st.from_regex("[0-9-]{1,64}@g\\.us", fullmatch=True)
CHATS = USERS | GROUPS
TIMERS_OR_NONE = st.none() | st.builds(Timer, U32, TIMES)
FILE = (PATHS, st.text(), HASH, HASH, U64, KEY)
MEDIA = st.one_of(
    st.builds(Media, st.sampled_from(["image", "video"]), *FILE, st.text(), st.booleans(), TIMERS_OR_NONE),
    st.builds(Media, st.just("document"), *FILE, st.text(), st.booleans(), TIMERS_OR_NONE),
    st.builds(Media, st.sampled_from(["audio", "sticker"]), *FILE, st.just(""), st.booleans(), TIMERS_OR_NONE),
)
CHAT_BODIES = st.one_of(
    st.builds(Text, st.text(), TIMERS_OR_NONE),
    MEDIA,
    st.builds(TimerSetting, st.sampled_from(TIMERS), TIMES),
    st.builds(Revoke, CHATS, st.booleans(), st.text()),
    st.sampled_from([Unsupported(("call",)), Unsupported(("reactionMessage", "#1000"))]),
)
NOTICES = st.builds(
    HistoryNotice,
    HASH,
    st.integers(0, FILE_LIMIT),
    KEY,
    HASH,
    PATHS,
    st.sampled_from(HistoryType),
    U32,
    st.integers(0, 100),
    st.none() | st.text(),
    st.none() | TIMES,
)
SYNC_KEYS = st.builds(SyncKey, KEY_ID, KEY, U32, U32, INDEXES, TIMES) | st.builds(SyncKey, KEY_ID, st.none())
PEER_BODIES = st.one_of(
    NOTICES,
    st.builds(HistoryRequest, CHATS, st.text(), st.booleans(), st.integers(1, 2**31 - 1), TIMES),
    st.builds(PlaceholderRequest, CHATS, st.booleans(), st.text(), st.none() | USERS),
    st.builds(PlaceholderResponse, st.text(), st.binary()),
    st.builds(RecoveryRequest, st.text(), TIMES),
    st.builds(RecoveryResponse, st.text(), st.binary(), st.booleans()),
    st.builds(KeyShare, st.lists(SYNC_KEYS, max_size=3).map(tuple)),
    st.builds(KeyRequest, st.lists(KEY_ID, max_size=3).map(tuple)),
    st.builds(FatalException, st.lists(st.text(), max_size=5).map(tuple), TIMES),
)
BODIES = CHAT_BODIES | PEER_BODIES | st.builds(CallKey, KEY) | st.builds(DeviceSent, CHATS, CHAT_BODIES)
SHORT_HASH = st.none() | st.binary(min_size=8, max_size=32)
SIDE = (SHORT_HASH, st.none() | U64, INDEXES)
HINTS = st.none() | st.builds(DeviceHint, *SIDE, *SIDE)
DISTRIBUTIONS = st.builds(KeyDistribution, GROUPS, st.binary())
MESSAGES = st.builds(Message, BODIES, HINTS, st.none() | DISTRIBUTIONS) | st.builds(
    Message, st.none(), HINTS, DISTRIBUTIONS
)


@given(MESSAGES)
def test_decoding_undoes_encoding(message: Message) -> None:
    assert decode(encode(message)) == message


@given(BODIES)
def test_a_body_alone_is_a_message(body: Body) -> None:
    assert encode(body) == encode(Message(body))


def test_what_stands_beside_a_content() -> None:
    hint = DeviceHint(b"\x01" * 8, 3, (4, 5), b"\x02" * 32, 6, ())
    metadata = "0a08" + "01" * 8 + "1003" + "1a020405" + "4220" + "02" * 32 + "4806"
    context = "0a34" + metadata + "1002"
    assert encode(Message(Text("hi"), hint)).hex() == TEXT + "9a0238" + context
    distribution = "0a0d" + GROUP.encode().hex() + "1202aabb"
    assert encode(Message(None, None, KeyDistribution(GROUP, b"\xaa\xbb"))).hex() == "1213" + distribution


@pytest.mark.parametrize("body", [Text("hi"), DeviceSent("1", Text("hi"))])
def test_a_hint_is_of_the_message_and_not_of_what_is_wrapped(body: Body) -> None:
    hint = DeviceHint(None, 1, (), None, None, ())
    assert decode(encode(Message(body, hint))) == Message(body, hint)
    inner = pb.Message.FromString(encode(Message(Text("hi"), hint)))
    assert decode(wrapped("ephemeralMessage", inner).SerializeToString()).hint is None


@pytest.mark.parametrize("version", [None, 1, 3])
def test_a_hint_of_another_version_is_none(version: int | None) -> None:
    context = pb.MessageContextInfo(
        deviceListMetadata=pb.DeviceListMetadata(senderTimestamp=1), deviceListMetadataVersion=version
    )
    message = pb.Message(conversation="hi", messageContextInfo=context)
    assert decode(message.SerializeToString()) == Message(Text("hi"))


def test_texts_and_copies_of_them() -> None:
    assert encode(Text("hi")).hex() == TEXT
    assert encode(Text("hi", Timer(86400, 7))).hex() == "320f" + TEXT + "8a0108" + "c801" + "80a305" + "d00107"
    assert encode(DeviceSent("1", Text("hi"))).hex() == "fa0118" + "0a10" + USER_JID + "1204" + TEXT


def test_an_extended_text_without_a_timer_is_a_text() -> None:
    extended = pb.ExtendedTextMessage(text="hi")
    assert decode(pb.Message(extendedTextMessage=extended).SerializeToString()) == Message(Text("hi"))
    extended.contextInfo.expiration = 0
    assert decode(pb.Message(extendedTextMessage=extended).SerializeToString()) == Message(Text("hi", Timer(0, 0)))


def test_the_key_of_a_call() -> None:
    assert encode(CallKey(b"\x01" * 32)).hex() == "5222" + "0a20" + "01" * 32


def field(number: int, payload: bytes = b"") -> bytes:
    """A length-delimited field as it is spelled."""
    spelled: bytes = _VarintBytes(number << 3 | 2) + _VarintBytes(len(payload)) + payload
    return spelled


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


@pytest.mark.parametrize(
    "data",
    [b"", field(35), b"\x08\x01", field(40, field(1)), field(40), field(12) + field(10)],
    ids=["nothing", "context", "content in a wrong form", "empty wrapped", "nothing wrapped", "two contents"],
)
def test_a_message_has_one_content(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


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


def context(**metadata: object) -> pb.Message:
    listed = pb.DeviceListMetadata(**metadata)  # type: ignore[arg-type]
    info = pb.MessageContextInfo(deviceListMetadata=listed, deviceListMetadataVersion=2)
    return pb.Message(conversation="hi", messageContextInfo=info)


@pytest.mark.parametrize(
    ("name", "fitting", "others"),
    [
        ("KeyHash", [bytes(8), bytes(32)], [b"", bytes(7), bytes(33)]),
        ("KeyIndexes", [[], range(INDEX_LIMIT)], [range(INDEX_LIMIT + 1)]),
    ],
)
@pytest.mark.parametrize("side", ["sender", "recipient"])
def test_hints_are_bounded(side: str, name: str, fitting: list[object], others: list[object]) -> None:
    for value in fitting:
        assert decode(context(**{side + name: value}).SerializeToString()).hint is not None
    for value in others:
        with pytest.raises(DecodeError, match=side + name):
            decode(context(**{side + name: value}).SerializeToString())


@pytest.mark.parametrize(
    "distribution",
    [
        pb.KeyDistribution(groupID=GROUP),
        pb.KeyDistribution(axolotlSenderKeyDistributionMessage=b"x"),
        pb.KeyDistribution(groupID="1@s.whatsapp.net", axolotlSenderKeyDistributionMessage=b"x"),
        pb.KeyDistribution(groupID="@g.us", axolotlSenderKeyDistributionMessage=b"x"),
    ],
)
def test_a_distribution_is_for_a_group(distribution: pb.KeyDistribution) -> None:
    with pytest.raises(DecodeError):
        decode(pb.Message(conversation="hi", senderKeyDistributionMessage=distribution).SerializeToString())


def test_a_distribution_inside_a_wrapper_is_no_content() -> None:
    alone = pb.Message.FromString(encode(Message(None, None, KeyDistribution(GROUP, b"x"))))
    with pytest.raises(DecodeError):
        decode(wrapped("ephemeralMessage", alone).SerializeToString())


def test_the_length_is_bounded() -> None:
    longest = Text("a" * (LIMIT - 4))
    assert decode(encode(longest)) == Message(longest)
    with pytest.raises(DecodeError, match="limit"):
        decode(encode(Text(longest.text + "a")))


def test_text_is_utf8() -> None:
    for data in (b"\x0a\x01\xff", field(6, b"\x0a\x01\xff")):
        with pytest.raises(DecodeError, match="UTF-8"):
            decode(data)


def test_a_timer_is_set_at_some_time() -> None:
    extended = pb.ExtendedTextMessage(text="hi", contextInfo=pb.ContextInfo(expiration=1, ephemeralSettingTimestamp=-1))
    with pytest.raises(DecodeError, match="below 0"):
        decode(pb.Message(extendedTextMessage=extended).SerializeToString())


FIELDS = st.one_of(st.sampled_from([1, 2, 3, 6, 10, 12, 26, 31, 35, 37, 40, 46, 55]), st.integers(1, 2**29 - 1))
PAYLOADS = st.recursive(
    st.binary(max_size=20),
    lambda inner: st.lists(st.builds(field, FIELDS, inner), max_size=3).map(b"".join),
)


@given(PAYLOADS | st.builds(encode, MESSAGES))
def test_any_bytes_give_a_value_that_comes_back_or_an_error(data: bytes) -> None:
    try:
        message = decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)
    else:
        assert decode(encode(message)) == message
