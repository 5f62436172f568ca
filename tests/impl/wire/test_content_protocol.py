"""Protocol messages: settings of a chat, and what own devices tell each other."""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.message import Message as Protobuf

from impl.wire.content import (
    COLLECTION_LIMIT,
    FILE_LIMIT,
    INDEX_LIMIT,
    KEY_LIMIT,
    TIMERS,
    Body,
    FatalException,
    HistoryFile,
    HistoryNotice,
    HistoryRequest,
    HistoryType,
    KeyRequest,
    KeyShare,
    Message,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
    Revoke,
    SyncKey,
    TimerSetting,
    decode,
    encode,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

GROUP = "120363-1@g.us"
USER_JID = "10" + b"1@s.whatsapp.net".hex()  # length and text
GROUP_JID = "0d" + GROUP.encode().hex()
KEY_ID = b"\x00\x01\x00\x00\x00\x02"

INLINE = HistoryNotice(b"\x78\x01", HistoryType.PUSH_NAME)
NOTICE = HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 32, "/p"), request_id="A", oldest=5)
SHARE = KeyShare((SyncKey(KEY_ID, b"\x01" * 32, 1, 2, (3, 4), 5),))
HISTORY = HistoryRequest("1", "A", True, 50, 5)
PLACEHOLDER = PlaceholderRequest(GROUP, False, "A", "1")
RESENT = PlaceholderResponse("A", b"\xaa")
RECOVERY = RecoveryRequest("regular", 5)
RECOVERED = RecoveryResponse("A", b"\xaa", True)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (Revoke("1", True, "A"), "0a17" + "0a" + USER_JID + "1001" + "1a0141" + "1000"),
        (TimerSetting(86400, 7), "1003" + "2080a305" + "2807"),
        (
            NOTICE,
            "1005" + "3277" + "0a20" + "01" * 32 + "1007" + "1a20" + "02" * 32 + "2220" + "03" * 32
            + "2a022f70" + "3000" + "3800" + "4864" + "5005" + "620141",
        ),
        (INLINE, "1005" + "320a" + "3004" + "3800" + "4864" + "5a02" + "7801"),
        (
            SHARE,
            "1006" + "3a3c" + "0a3a" + "0a08" + "0a06" + KEY_ID.hex()
            + "122e" + "0a20" + "01" * 32 + "1208" + "0801" + "1002" + "1a020304" + "1805",
        ),
        (KeyShare((SyncKey(KEY_ID, None),)), "1006" + "3a0c" + "0a0a" + "0a08" + "0a06" + KEY_ID.hex()),
        (KeyRequest((KEY_ID,)), "1007" + "420a" + "0a08" + "0a06" + KEY_ID.hex()),
        (FatalException(("regular",), 5), "100a" + "520b" + "0a07" + b"regular".hex() + "1005"),
        (HISTORY, "1010" + "82011f" + "0803" + "221b" + "0a" + USER_JID + "120141" + "1801" + "2032" + "2805"),
        (
            PLACEHOLDER,
            "1010" + "82012c" + "0804" + "2a28" + "0a26" + "0a" + GROUP_JID + "1000" + "1a0141" + "22" + USER_JID,
        ),
        (RECOVERY, "1010" + "82010f" + "0808" + "3a0b" + "0a07" + b"regular".hex() + "1005"),
        (RESENT, "1011" + "8a010c" + "0804" + "120141" + "1a05" + "2203" + "0a01aa"),
        (RECOVERED, "1011" + "8a010e" + "0808" + "120141" + "1a07" + "4205" + "0a01aa" + "1001"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)  # fmt: skip
def test_real_field_numbers(body: Body, fields: str) -> None:
    protocol = pb.Message.FromString(encode(body)).protocolMessage
    assert protocol.SerializeToString(deterministic=True).hex() == fields
    assert encode(body)[0] == 0x62
    assert decode(encode(body)) == Message(body)


def bent(body: Body, bend: Callable[[Any], None]) -> bytes:
    """The encoding of a body after a change to its ProtocolMessage."""
    message = pb.Message.FromString(encode(body))
    bend(message.protocolMessage)
    return message.SerializeToString()


def cleared(path: str) -> Callable[[Any], None]:
    """Leaves out the field at the end of a path; a number in it is the place in a repeated field."""
    *way, name = path.split(".")

    def bend(message: Protobuf) -> None:
        at: Any = message
        for step in way:
            at = at[int(step)] if step.isdigit() else getattr(at, step)
        at.ClearField(name)

    return bend


REQUEST = "peerDataOperationRequestMessage"
RESPONSE = "peerDataOperationRequestResponseMessage"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (Revoke("1", True, "A"), "key"),
        *((Revoke("1", True, "A"), f"key.{name}") for name in ("remoteJID", "fromMe", "ID")),
        (TimerSetting(0, 7), "ephemeralExpiration"),
        (NOTICE, "historySyncNotification"),
        *(
            (NOTICE, f"historySyncNotification.{name}")
            for name in ("fileSHA256", "fileLength", "mediaKey", "fileEncSHA256", "directPath", "syncType")
        ),
        (SHARE, "appStateSyncKeyShare"),
        *(
            (SHARE, f"appStateSyncKeyShare.keys.0.{name}")
            for name in ("keyID", "keyID.keyID", "keyData.keyData", "keyData.timestamp")
        ),
        (KeyRequest((KEY_ID,)), "appStateSyncKeyRequest"),
        (KeyRequest((KEY_ID,)), "appStateSyncKeyRequest.keyIDs.0.keyID"),
        (FatalException((), 5), "appStateFatalExceptionNotification.timestamp"),
        *(
            (HISTORY, f"{REQUEST}.historySyncOnDemandRequest.{name}")
            for name in ("chatJID", "oldestMsgID", "oldestMsgFromMe", "onDemandMsgCount", "oldestMsgTimestampMS")
        ),
        (PLACEHOLDER, f"{REQUEST}.placeholderMessageResendRequest"),
        (PLACEHOLDER, f"{REQUEST}.placeholderMessageResendRequest.0.messageKey"),
        *(
            (RECOVERY, f"{REQUEST}.syncdCollectionFatalRecoveryRequest.{name}")
            for name in ("collectionName", "timestamp")
        ),
        *(
            (body, f"{RESPONSE}.{name}")
            for body in (RESENT, RECOVERED)
            for name in ("stanzaID", "peerDataOperationResult")
        ),
        (RESENT, f"{RESPONSE}.peerDataOperationResult.0.placeholderMessageResendResponse"),
        (RECOVERED, f"{RESPONSE}.peerDataOperationResult.0.syncdSnapshotFatalRecoveryResponse"),
    ],
    ids=lambda value: value.split(".", 1)[-1] if isinstance(value, str) else type(value).__name__,
)
def test_fields_that_are_needed(body: Body, path: str) -> None:
    with pytest.raises(DecodeError):
        decode(bent(body, cleared(path)))


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (TimerSetting(0, 7), "ephemeralSettingTimestamp", TimerSetting(0, 0)),
        (
            SHARE,
            "appStateSyncKeyShare.keys.0.keyData.fingerprint",
            KeyShare((SyncKey(KEY_ID, b"\x01" * 32, timestamp=5),)),
        ),
        (SHARE, "appStateSyncKeyShare.keys.0.keyData", KeyShare((SyncKey(KEY_ID, None),))),
        (
            PLACEHOLDER,
            f"{REQUEST}.placeholderMessageResendRequest.0.messageKey.participant",
            PlaceholderRequest(GROUP, False, "A"),
        ),
        (
            RECOVERED,
            f"{RESPONSE}.peerDataOperationResult.0.syncdSnapshotFatalRecoveryResponse.isCompressed",
            RecoveryResponse("A", b"\xaa"),
        ),
    ],
)
def test_fields_that_may_be_absent(body: Body, path: str, expected: Body) -> None:
    assert decode(bent(body, cleared(path))) == Message(expected)


LONGER = b"\x01" * 33


@pytest.mark.parametrize(
    "body",
    [
        HistoryNotice(HistoryFile(b"\x01" * 31, 7, b"\x02" * 32, b"\x03" * 32, "/p")),
        HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 33, b"\x03" * 32, "/p")),
        HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 32, b"", "/p")),
        HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 32, "p")),
        HistoryNotice(HistoryFile(b"\x01" * 32, FILE_LIMIT + 1, b"\x02" * 32, b"\x03" * 32, "/p")),
        HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 32, "/p"), progress=101),
        HistoryNotice(HistoryFile(b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 32, "/p"), oldest=-1),
        KeyShare((SyncKey(KEY_ID + b"\x00", b"\x01" * 32),)),
        KeyShare((SyncKey(KEY_ID[:5], None),)),
        KeyShare((SyncKey(KEY_ID, b"\x01" * 31),)),
        KeyShare((SyncKey(KEY_ID, LONGER),)),
        KeyShare((SyncKey(KEY_ID, b"\x01" * 32, timestamp=-1),)),
        KeyShare((SyncKey(KEY_ID, b"\x01" * 32, device_indexes=tuple(range(INDEX_LIMIT + 1))),)),
        KeyShare((SyncKey(KEY_ID, None),) * (KEY_LIMIT + 1)),
        KeyRequest((KEY_ID,) * (KEY_LIMIT + 1)),
        KeyRequest((KEY_ID[:5],)),
        FatalException(("regular",) * (COLLECTION_LIMIT + 1), 5),
        FatalException((), -1),
        HistoryRequest("1", "A", True, 0, 5),
        HistoryRequest("1", "A", True, -1, 5),
        HistoryRequest("1", "A", True, 1, -1),
        RecoveryRequest("regular", -1),
        TimerSetting(0, -1),
        *(TimerSetting(seconds, 7) for seconds in (1, 86399, 86401, 7776001)),
        Revoke("x@g.us", True, "A"),
    ],
    ids=lambda body: str(body)[:60],
)
def test_each_rule_is_kept(body: Body) -> None:
    with pytest.raises(DecodeError):
        decode(encode(body))


@pytest.mark.parametrize(
    "body",
    [
        HistoryNotice(HistoryFile(b"\x01" * 32, FILE_LIMIT, b"\x02" * 32, b"\x03" * 32, "/")),
        KeyShare((SyncKey(KEY_ID, None),) * KEY_LIMIT),
        KeyShare((SyncKey(KEY_ID, b"\x01" * 32, device_indexes=tuple(range(INDEX_LIMIT))),)),
        KeyRequest((KEY_ID,) * KEY_LIMIT),
        FatalException(("regular",) * COLLECTION_LIMIT, 0),
        HistoryRequest("1", "A", True, 1, 0),
        *(TimerSetting(seconds, 0) for seconds in TIMERS),
        Revoke("1" * 64 + "@g.us", False, ""),
    ],
    ids=lambda body: str(body)[:60],
)
def test_what_just_fits(body: Body) -> None:
    assert decode(encode(body)) == Message(body)


@pytest.mark.parametrize("times", [0, 2])
def test_one_message_is_asked_for_and_answered_at_a_time(times: int) -> None:
    def asked(protocol: pb.ProtocolMessage) -> None:
        wanted = protocol.peerDataOperationRequestMessage.placeholderMessageResendRequest
        wanted.extend([wanted.pop()] * times)

    def answered(protocol: pb.ProtocolMessage) -> None:
        results = protocol.peerDataOperationRequestResponseMessage.peerDataOperationResult
        results.extend([results.pop()] * times)

    for data in (bent(PLACEHOLDER, asked), bent(RESENT, answered), bent(RECOVERED, answered)):
        with pytest.raises(DecodeError, match="must be 1"):
            decode(data)


def test_the_author_of_a_message_is_an_account() -> None:
    def device(protocol: pb.ProtocolMessage) -> None:
        request = protocol.peerDataOperationRequestMessage.placeholderMessageResendRequest[0]
        request.messageKey.participant = "1:2@s.whatsapp.net"

    with pytest.raises(DecodeError):
        decode(bent(PLACEHOLDER, device))


def test_names_of_collections_are_utf8() -> None:
    data = encode(FatalException(("x",), 5)).replace(b"\x0a\x01x", b"\x0a\x01\xff")
    with pytest.raises(DecodeError, match="UTF-8"):
        decode(data)


def test_a_file_beside_an_inline_part_does_not_count() -> None:
    both = bent(
        NOTICE,
        lambda it: it.historySyncNotification.MergeFrom(
            pb.HistorySyncNotification(initialHistBootstrapInlinePayload=b"part", fileSHA256=b"short")
        ),
    )
    body = decode(both).body
    assert isinstance(body, HistoryNotice) and body.content == b"part"
    neither = bent(INLINE, cleared("historySyncNotification.initialHistBootstrapInlinePayload"))
    with pytest.raises(DecodeError, match="fileLength"):
        decode(neither)
