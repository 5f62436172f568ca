import pytest
from google.protobuf.internal.encoder import _VarintBytes  # type: ignore[attr-defined]
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.content import (
    FILE_LIMIT,
    DeviceSent,
    HistoryNotice,
    Message,
    Text,
    decode,
    encode,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

NOTICE = HistoryNotice(b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 32, "/path")


def test_real_field_numbers() -> None:
    text = "0a026869"
    jid = b"1@s.whatsapp.net".hex()
    assert encode(Text("hi")).hex() == text
    assert encode(DeviceSent("1", Text("hi"))).hex() == "fa01" + "18" + "0a10" + jid + "1204" + text
    assert encode(NOTICE).hex().startswith("6279" + "1005" + "3275" + "0a20" + "01" * 32 + "1007" + "1a20")


def test_unknown_fields_are_skipped() -> None:
    assert decode(encode(Text("hi")) + bytes.fromhex("9a0200")) == Message(Text("hi"))


def _copy(message: pb.Message, to: str = "1@s.whatsapp.net") -> pb.Message:
    return pb.Message(deviceSentMessage=pb.DeviceSentMessage(destinationJID=to, message=message))


def _history(**changes: object) -> pb.Message:
    message = pb.Message.FromString(encode(NOTICE))
    for field, value in changes.items():
        setattr(message.protocolMessage.historySyncNotification, field, value)
    return message


@pytest.mark.parametrize(
    "message",
    [
        pb.Message(),
        pb.Message(conversation="a", deviceSentMessage=_copy(pb.Message(conversation="a")).deviceSentMessage),
        _copy(_copy(pb.Message(conversation="a"))),
        _copy(pb.Message()),
        _copy(pb.Message(conversation="a"), "1:2@s.whatsapp.net"),
        _copy(pb.Message(conversation="a"), "1@lid"),
        _copy(_history()),
        pb.Message(protocolMessage=pb.ProtocolMessage(type=pb.ProtocolMessage.REVOKE)),
        pb.Message(protocolMessage=pb.ProtocolMessage(type=pb.ProtocolMessage.HISTORY_SYNC_NOTIFICATION)),
        _history(fileSHA256=b"\x01" * 31),
        _history(fileEncSHA256=b""),
        _history(mediaKey=b"\x01" * 33),
        _history(directPath="path"),
        _history(directPath="/path\r\n"),
        _history(fileLength=FILE_LIMIT + 1),
        _history(progress=101),
    ],
    ids=lambda message: str(message).replace("\n", " ")[:60],
)
def test_each_rule_is_kept(message: pb.Message) -> None:
    with pytest.raises(DecodeError):
        decode(message.SerializeToString())


def test_text_is_utf8() -> None:
    with pytest.raises(DecodeError, match="UTF-8"):
        decode(b"\x0a\x01\xff")


@pytest.mark.parametrize("depth", [2, 50, 500, 5000])
def test_copies_do_not_nest(depth: int) -> None:
    data = encode(Text("a"))
    for _ in range(depth):
        inner = b"\x0a\x10" + b"1@s.whatsapp.net" + b"\x12" + _VarintBytes(len(data)) + data
        data = b"\xfa\x01" + _VarintBytes(len(inner)) + inner
    with pytest.raises(DecodeError):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    try:
        decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)
