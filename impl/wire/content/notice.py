"""History notices: where a part of the encrypted history lies and how to open it, or the part itself.

White paper, "Message history synchronisation". Upstream: `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from impl.wire.content.fields import HASH_SIZE, KEY_SIZE, path, time
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import present, sized, text

FILE_LIMIT = 64 << 20


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


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """A part as a file: hashes and `media_key` are 32 bytes; `length` is that of the compressed plaintext, in bytes."""

    sha256: bytes
    length: int
    media_key: bytes
    enc_sha256: bytes
    path: str


@dataclass(frozen=True, slots=True)
class HistoryNotice:
    """HistorySyncNotification: one chunk of the history, `progress` percent of the whole.

    `content` is the file that it lies in, or the chunk itself, compressed (initialHistBootstrapInlinePayload).
    `request_id` names the request that the chunk answers; `oldest` is the time of the oldest message in the chunk, in
    seconds.
    """

    content: HistoryFile | bytes = field(repr=False)
    type: HistoryType = HistoryType.INITIAL_BOOTSTRAP
    chunk: int = 0
    progress: int = 100
    request_id: str | None = None
    oldest: int | None = None


def write_notice(body: HistoryNotice) -> pb.HistorySyncNotification:
    notice = pb.HistorySyncNotification(
        syncType=body.type.name,
        chunkOrder=body.chunk,
        progress=body.progress,
        oldestMsgInChunkTimestampSec=body.oldest,
        peerDataRequestSessionID=body.request_id,
    )
    match body.content:
        case bytes(inline):
            notice.initialHistBootstrapInlinePayload = inline
        case HistoryFile(sha256, length, media_key, enc_sha256, direct_path):
            notice.fileSHA256, notice.fileLength, notice.mediaKey = sha256, length, media_key
            notice.fileEncSHA256, notice.directPath = enc_sha256, direct_path
    return notice


def read_notice(notice: pb.HistorySyncNotification) -> HistoryNotice:
    """What is inline counts, as with every client; a file beside it is not looked at."""
    present(notice, "syncType")
    if notice.progress > 100:
        raise DecodeError("above 100", "HistorySyncNotification.progress")
    return HistoryNotice(
        notice.initialHistBootstrapInlinePayload or _read_file(notice),
        HistoryType(notice.syncType),
        notice.chunkOrder,
        notice.progress,
        text(notice, "peerDataRequestSessionID") if notice.HasField("peerDataRequestSessionID") else None,
        time(notice, "oldestMsgInChunkTimestampSec") if notice.HasField("oldestMsgInChunkTimestampSec") else None,
    )


def _read_file(notice: pb.HistorySyncNotification) -> HistoryFile:
    present(notice, "fileLength")
    if notice.fileLength > FILE_LIMIT:
        raise DecodeError(f"above {FILE_LIMIT}", "HistorySyncNotification.fileLength")
    return HistoryFile(
        sized(notice, "fileSHA256", HASH_SIZE),
        notice.fileLength,
        sized(notice, "mediaKey", KEY_SIZE),
        sized(notice, "fileEncSHA256", HASH_SIZE),
        path(notice),
    )
