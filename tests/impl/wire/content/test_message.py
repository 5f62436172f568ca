"""Messages as a whole: one content, and what stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.content import (
    INDEX_LIMIT,
    LIMIT,
    Body,
    CallKey,
    DeviceHint,
    DeviceSent,
    KeyDistribution,
    Message,
    Text,
    Timer,
    decode,
    encode,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from tests.impl.wire.content.samples import BODIES, MESSAGES, field

GROUP = "120363-1@g.us"
USER_JID = b"1@s.whatsapp.net".hex()
TEXT = "0a026869"  # Text("hi")


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
    assert decode(field(40, field(1, encode(Message(Text("hi"), hint))))).hint is None


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
    for size in (0, 31, 33):
        with pytest.raises(DecodeError, match="must be 32"):
            decode(encode(CallKey(bytes(size))))


@pytest.mark.parametrize(
    "data",
    [b"", field(35), b"\x08\x01", field(40, field(1)), field(40), field(1) + field(6, field(1))],
    ids=["nothing", "context", "content in a wrong form", "empty wrapped", "nothing wrapped", "two contents"],
)
def test_a_message_has_one_content(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


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
