"""Every content: written and read back, under the real field numbers, and refused where a rule is broken."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from impl.wire.content import (
    COLLECTION_LIMIT,
    INDEX_LIMIT,
    KEY_LIMIT,
    UNKNOWN_LIMIT,
    Body,
    CallKey,
    ChunkRetry,
    DeviceHint,
    DeviceSent,
    FatalException,
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
from tests.impl.wire.content.bending import Change, changed, clear, set_, twice, wrapped
from tests.impl.wire.content.samples import BODIES, MESSAGES

GROUP = "120363-1@g.us"
KEY, HASH, ID = b"\x01" * 32, b"\x02" * 32, b"\x03" * 6
IMAGE = Media("image", "/path", "image/jpeg", HASH, HASH, 7, KEY)
RETRY = ChunkRetry(HistoryType.RECENT, 2, "A")
HINT = DeviceHint(b"\x01" * 8, 3, (4, 5), HASH, 6, ())


@given(MESSAGES)
def test_decoding_undoes_encoding(message: Message) -> None:
    assert decode(encode(message)) == message


@given(BODIES)
def test_a_body_alone_is_a_message(body: Body) -> None:
    assert encode(body) == encode(Message(body))


@pytest.mark.parametrize(
    ("message", "begin"),
    [
        (Text("hi", Timer(86400, 7)), "320f" + "0a026869" + "8a0108" + "c801" + "80a305" + "d00107"),
        (IMAGE, "1a7b" + "120a" + b"image/jpeg".hex() + "2220" + HASH.hex() + "2807" + "4220" + KEY.hex()),
        (replace(IMAGE, view_once=True), "ba038301" + "0a8001" + "1a7e"),
        (replace(IMAGE, kind="video"), "4a"),
        (replace(IMAGE, kind="audio"), "42"),
        (replace(IMAGE, kind="document"), "3a"),
        (replace(IMAGE, kind="sticker"), "d201"),
        (CallKey(KEY), "5222" + "0a20" + KEY.hex()),
        (Revoke("1", True, "A"), "621b" + "0a17" + "0a10" + b"1@s.whatsapp.net".hex() + "1001" + "1a0141" + "1000"),
        (TimerSetting(86400, 7), "6208" + "1003" + "20" + "80a305" + "2807"),
        (KeyRequest((ID,)), "620e" + "1007" + "420a" + "0a08" + "0a06" + ID.hex()),
        (KeyShare((SyncKey(ID, None),)), "6210" + "1006" + "3a0c" + "0a0a" + "0a08" + "0a06" + ID.hex()),
        (FatalException(("a",), 1), "6209" + "100a" + "5205" + "0a0161" + "1001"),
        (RETRY, "6212" + "1010" + "82010d" + "080a" + "4209" + "0803" + "1002" + "1a0141" + "2001"),
        (RecoveryRequest("a", 1), "620e" + "1010" + "82010908" + "08" + "3a05" + "0a0161" + "1001"),
        (Message(None, None, KeyDistribution(GROUP, b"\xaa")), "1212" + "0a0d" + GROUP.encode().hex() + "1201aa"),
        (
            Message(Text("hi"), HINT),
            "0a026869" + "9a0238" + "0a34" + "0a08" + "01" * 8 + "1003" + "1a020405" + "4220" + HASH.hex() + "4806",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_real_field_numbers(message: Message | Body, begin: str) -> None:
    assert encode(message).hex().startswith(begin)


PROTOCOL = "protocolMessage"
REQUEST = f"{PROTOCOL}.peerDataOperationRequestMessage"
RESPONSE = f"{PROTOCOL}.peerDataOperationRequestResponseMessage"
ON_DEMAND = f"{REQUEST}.historySyncOnDemandRequest"
RESEND = f"{REQUEST}.placeholderMessageResendRequest"
RESULT = f"{RESPONSE}.peerDataOperationResult"
SHARED = f"{PROTOCOL}.appStateSyncKeyShare.keys"
METADATA = "messageContextInfo.deviceListMetadata"
HISTORY = HistoryRequest("1", "A", True, 1, 1)
PLACEHOLDER = PlaceholderRequest("1", False, "A", "2")
SHARE = KeyShare((SyncKey(ID, KEY),))
IN_A_GROUP = Message(None, None, KeyDistribution(GROUP, b""))


@pytest.mark.parametrize(
    ("message", "change"),
    [
        (CallKey(KEY), set_("call.callKey", KEY[1:])),
        (IMAGE, set_("imageMessage.directPath", "path")),
        (IMAGE, set_("imageMessage.mediaKey", KEY[1:])),
        (IMAGE, set_("imageMessage.fileSHA256", b"")),
        (IMAGE, set_("imageMessage.fileEncSHA256", HASH + b"\x00")),
        (IMAGE, clear("imageMessage.fileLength")),
        (IMAGE, clear("imageMessage.mimetype")),
        (Text("a", Timer(1, 1)), set_("extendedTextMessage.contextInfo.ephemeralSettingTimestamp", -1)),
        (Text("a", Timer(1, 1)), clear("extendedTextMessage.text")),
        (TimerSetting(0, 0), set_(f"{PROTOCOL}.ephemeralExpiration", 1)),
        (TimerSetting(0, 0), clear(f"{PROTOCOL}.ephemeralExpiration")),
        (TimerSetting(0, 0), set_(f"{PROTOCOL}.ephemeralSettingTimestamp", -1)),
        (Revoke("1", False, "A"), set_(f"{PROTOCOL}.key.remoteJID", "1:2@s.whatsapp.net")),
        (Revoke("1", False, "A"), set_(f"{PROTOCOL}.key.remoteJID", "x@g.us")),
        (Revoke("1", False, "A"), clear(f"{PROTOCOL}.key.fromMe")),
        (Revoke("1", False, "A"), clear(f"{PROTOCOL}.key.ID")),
        (HISTORY, set_(f"{ON_DEMAND}.onDemandMsgCount", 0)),
        (HISTORY, set_(f"{ON_DEMAND}.oldestMsgTimestampMS", -1)),
        (HISTORY, clear(f"{ON_DEMAND}.oldestMsgTimestampMS")),
        (HISTORY, clear(f"{ON_DEMAND}.oldestMsgFromMe")),
        (PLACEHOLDER, twice(RESEND)),
        (PLACEHOLDER, clear(RESEND)),
        (PLACEHOLDER, set_(f"{RESEND}.messageKey.participant", "2:1@s.whatsapp.net")),
        (PlaceholderResponse("A", b""), twice(RESULT)),
        (PlaceholderResponse("A", b""), clear(RESULT)),
        (PlaceholderResponse("A", b""), clear(f"{RESULT}.placeholderMessageResendResponse")),
        (PlaceholderResponse("A", b""), clear(f"{RESPONSE}.stanzaID")),
        (RecoveryRequest("a", 1), set_(f"{REQUEST}.syncdCollectionFatalRecoveryRequest.timestamp", -1)),
        (RETRY, clear(f"{REQUEST}.historySyncChunkRetryRequest.syncType")),
        (RETRY, clear(f"{REQUEST}.historySyncChunkRetryRequest.chunkOrder")),
        (RETRY, clear(f"{REQUEST}.historySyncChunkRetryRequest.chunkNotificationID")),
        (RecoveryRequest("a", 1), clear(f"{REQUEST}.syncdCollectionFatalRecoveryRequest.collectionName")),
        (RecoveryResponse("A", b""), clear(f"{RESULT}.syncdSnapshotFatalRecoveryResponse")),
        (KeyRequest((ID,)), set_(f"{PROTOCOL}.appStateSyncKeyRequest.keyIDs.keyID", ID[1:])),
        (KeyRequest((ID,)), clear(f"{PROTOCOL}.appStateSyncKeyRequest")),
        (SHARE, clear(f"{PROTOCOL}.appStateSyncKeyShare")),
        (SHARE, set_(f"{SHARED}.keyID.keyID", ID + b"\x00")),
        (SHARE, set_(f"{SHARED}.keyData.keyData", KEY[1:])),
        (SHARE, set_(f"{SHARED}.keyData.timestamp", -1)),
        (SHARE, clear(f"{SHARED}.keyData.timestamp")),
        (FatalException(("a",), 1), set_(f"{PROTOCOL}.appStateFatalExceptionNotification.timestamp", -1)),
        (IN_A_GROUP, set_("senderKeyDistributionMessage.groupID", "1@s.whatsapp.net")),
        (IN_A_GROUP, clear("senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage")),
        (IN_A_GROUP, clear("senderKeyDistributionMessage")),
        (Message(Text("a"), HINT), set_(f"{METADATA}.senderKeyHash", b"\x01" * 7)),
        (Message(Text("a"), HINT), set_(f"{METADATA}.recipientKeyHash", b"\x01" * 33)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_rule_is_kept(message: Message | Body, change: Change) -> None:
    assert decode(changed(message, bool))
    with pytest.raises(DecodeError):
        decode(changed(message, change))


@pytest.mark.parametrize(
    ("of_count", "limit"),
    [
        (lambda n: KeyRequest((ID,) * n), KEY_LIMIT),
        (lambda n: KeyShare((SyncKey(ID, None),) * n), KEY_LIMIT),
        (lambda n: KeyShare((SyncKey(ID, KEY, device_indexes=tuple(range(n))),)), INDEX_LIMIT),
        (lambda n: FatalException(("a",) * n, 1), COLLECTION_LIMIT),
        (lambda n: Message(Text("a"), replace(HINT, sender_indexes=tuple(range(n)))), INDEX_LIMIT),
        (lambda n: Unsupported(tuple(f"#{1000 + i}" for i in range(n))), UNKNOWN_LIMIT),
    ],
    ids=["requested keys", "shared keys", "indexes of a key", "collections", "indexes of a hint", "unknown fields"],
)
def test_items_are_counted(of_count: Callable[[int], Message | Body], limit: int) -> None:
    assert decode(encode(of_count(limit)))
    with pytest.raises(DecodeError, match=f"limit is {limit}"):
        decode(encode(of_count(limit + 1)))


def test_a_name_of_a_collection_is_utf8() -> None:
    notification = encode(FatalException(("a",), 1)).replace(b"\x0a\x01a", b"\x0a\x01\xff")
    with pytest.raises(DecodeError, match="UTF-8"):
        decode(notification)


@pytest.mark.parametrize(
    "message",
    [
        pb.Message(call=pb.Call()),
        pb.Message(protocolMessage=pb.ProtocolMessage()),
        pb.Message(protocolMessage=pb.ProtocolMessage(type=pb.ProtocolMessage.PEER_DATA_OPERATION_REQUEST_MESSAGE)),
        pb.Message(
            protocolMessage=pb.ProtocolMessage(type=pb.ProtocolMessage.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE)
        ),
    ],
)
def test_what_the_harness_does_not_speak_is_told_by_name(message: pb.Message) -> None:
    ((field, _),) = message.ListFields()
    assert decode(message.SerializeToString()) == Message(Unsupported((field.name,)))


@pytest.mark.parametrize("version", [None, 1, 3])
def test_a_hint_of_another_version_is_none(version: int | None) -> None:
    told = changed(
        Message(Text("a"), HINT),
        clear("messageContextInfo.deviceListMetadataVersion")
        if version is None
        else set_("messageContextInfo.deviceListMetadataVersion", version),
    )
    assert decode(told) == Message(Text("a"))


def test_an_extended_text_without_a_timer_is_a_text() -> None:
    assert decode(changed(Text("a", Timer(1, 1)), clear("extendedTextMessage.contextInfo"))) == Message(Text("a"))


@pytest.mark.parametrize(
    ("wrapper", "view_once"),
    [
        ("ephemeralMessage", False),
        ("documentWithCaptionMessage", False),
        ("editedMessage", False),
        ("viewOnceMessage", True),
        ("viewOnceMessageV2", True),
        ("viewOnceMessageV2Extension", True),
    ],
)
def test_wrappers_are_taken_off(wrapper: str, view_once: bool) -> None:
    assert decode(wrapped(IMAGE, wrapper)) == Message(replace(IMAGE, view_once=view_once))
    assert decode(wrapped(Text("a"), wrapper)) == Message(Text("a"))
    copy = pb.Message.FromString(encode(DeviceSent("1", Text("a"))))
    copy.deviceSentMessage.message.ParseFromString(wrapped(IMAGE, wrapper))
    told = decode(copy.SerializeToString())
    assert told == Message(DeviceSent("1", replace(IMAGE, view_once=view_once)))


@pytest.mark.parametrize("inside", [wrapped(Text("a"), "editedMessage"), encode(DeviceSent("1", Text("a")))])
def test_no_wrapper_twice_and_a_copy_outermost(inside: bytes) -> None:
    with pytest.raises(DecodeError, match="inside editedMessage"):
        decode(wrapped(inside, "editedMessage"))


def test_wrappers_are_counted() -> None:
    message = encode(IMAGE)
    names = ("ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "editedMessage", "documentWithCaptionMessage")
    for name in names:
        message = wrapped(message, name)
    assert decode(message)
    with pytest.raises(DecodeError, match="more than 5 wrappers"):
        decode(wrapped(message, "viewOnceMessageV2Extension"))
