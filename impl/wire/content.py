"""What a device reads after decryption: a text, a copy of what an own device sent, or a history notice.

The subset of WhatsApp's `Message` that the harness speaks, with the real field numbers; other fields are
skipped, as every client skips them. Upstream: `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass
from enum import IntEnum

from impl.address import Address, parse_user
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import parse, present, sized, text

LIMIT = 1 << 20
FILE_LIMIT = 64 << 20
HASH_SIZE = KEY_SIZE = 32


class HistoryType(IntEnum):
    """HistorySyncType."""

    INITIAL_BOOTSTRAP = 0
    INITIAL_STATUS_V3 = 1
    FULL = 2
    RECENT = 3
    PUSH_NAME = 4
    NON_BLOCKING_DATA = 5
    ON_DEMAND = 6
    NO_HISTORY = 7
    MESSAGE_ACCESS_STATUS = 8


@dataclass(frozen=True)
class Text:
    """`conversation`: a plain text message."""

    text: str


@dataclass(frozen=True)
class DeviceSent:
    """DeviceSentMessage: what an own device sent to the account `to_user`."""

    to_user: str
    message: Text


@dataclass(frozen=True)
class HistoryNotice:
    """HistorySyncNotification: where the encrypted history lies and how to open it.

    Hashes and `media_key` are 32 bytes; `length` is that of the compressed plaintext, in bytes.
    """

    sha256: bytes
    length: int
    media_key: bytes
    enc_sha256: bytes
    path: str
    type: HistoryType = HistoryType.INITIAL_BOOTSTRAP
    chunk: int = 0
    progress: int = 100


Content = Text | DeviceSent | HistoryNotice


def encode(content: Content) -> bytes:
    return _message(content).SerializeToString(deterministic=True)


def decode(data: bytes) -> Content:
    """Raises DecodeError, also for a message that holds none or several of the known contents."""
    message = parse(pb.Message, data, LIMIT)
    match _only(message, "conversation", "deviceSentMessage", "protocolMessage"):
        case "conversation":
            return Text(text(message, "conversation"))
        case "deviceSentMessage":
            return _device_sent(message.deviceSentMessage)
        case _:
            return _history_notice(message.protocolMessage)


def text_message(value: Text) -> pb.Message:
    """The protobuf form of a text, which history bundles hold too."""
    return pb.Message(conversation=value.text)


def read_text(message: pb.Message) -> Text:
    """Raises DecodeError unless the message is a plain text and nothing else."""
    _only(message, "conversation")
    return Text(text(message, "conversation"))


def _message(content: Content) -> pb.Message:
    match content:
        case Text():
            return text_message(content)
        case DeviceSent(to_user, message):
            return pb.Message(
                deviceSentMessage=pb.DeviceSentMessage(
                    destinationJID=str(Address(to_user, 0)), message=text_message(message)
                )
            )
        case HistoryNotice():
            return pb.Message(
                protocolMessage=pb.ProtocolMessage(
                    type=pb.ProtocolMessage.HISTORY_SYNC_NOTIFICATION,
                    historySyncNotification=pb.HistorySyncNotification(
                        fileSHA256=content.sha256,
                        fileLength=content.length,
                        mediaKey=content.media_key,
                        fileEncSHA256=content.enc_sha256,
                        directPath=content.path,
                        syncType=content.type.name,
                        chunkOrder=content.chunk,
                        progress=content.progress,
                    ),
                )
            )


def _only(message: pb.Message, *expected: str) -> str:
    held = [field.name for field, _ in message.ListFields()]
    if len(held) != 1 or held[0] not in expected:
        raise DecodeError(f"holds {', '.join(held) or 'nothing'}, expected one of {', '.join(expected)}", "Message")
    return held[0]


def _device_sent(message: pb.DeviceSentMessage) -> DeviceSent:
    present(message, "message")
    return DeviceSent(parse_user(text(message, "destinationJID")), read_text(message.message))


def _history_notice(message: pb.ProtocolMessage) -> HistoryNotice:
    if message.type != pb.ProtocolMessage.HISTORY_SYNC_NOTIFICATION:
        raise DecodeError("not a history notification", "ProtocolMessage.type")
    present(message, "historySyncNotification")
    notice = message.historySyncNotification
    present(notice, "fileLength", "syncType")
    path = text(notice, "directPath")
    if not path.startswith("/"):
        raise DecodeError("must begin with /", "HistorySyncNotification.directPath")
    if notice.fileLength > FILE_LIMIT:
        raise DecodeError(f"above {FILE_LIMIT}", "HistorySyncNotification.fileLength")
    if notice.progress > 100:
        raise DecodeError("above 100", "HistorySyncNotification.progress")
    return HistoryNotice(
        sized(notice, "fileSHA256", HASH_SIZE),
        notice.fileLength,
        sized(notice, "mediaKey", KEY_SIZE),
        sized(notice, "fileEncSHA256", HASH_SIZE),
        path,
        HistoryType(notice.syncType),
        notice.chunkOrder,
        notice.progress,
    )
