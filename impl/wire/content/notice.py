"""History notices: where a part of the encrypted history lies and how to open it.

White paper, "Message history synchronisation". Upstream: `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass
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
class HistoryNotice:
    """HistorySyncNotification: one chunk of the history, `progress` percent of the whole.

    Hashes and `media_key` are 32 bytes; `length` is that of the compressed plaintext, in bytes. `request_id` names
    the request that the chunk answers; `oldest` is the time of the oldest message in the chunk, in seconds.
    """

    sha256: bytes
    length: int
    media_key: bytes
    enc_sha256: bytes
    path: str
    type: HistoryType = HistoryType.INITIAL_BOOTSTRAP
    chunk: int = 0
    progress: int = 100
    request_id: str | None = None
    oldest: int | None = None


def write_notice(body: HistoryNotice) -> pb.HistorySyncNotification:
    return pb.HistorySyncNotification(
        fileSHA256=body.sha256,
        fileLength=body.length,
        mediaKey=body.media_key,
        fileEncSHA256=body.enc_sha256,
        directPath=body.path,
        syncType=body.type.name,
        chunkOrder=body.chunk,
        progress=body.progress,
        oldestMsgInChunkTimestampSec=body.oldest,
        peerDataRequestSessionID=body.request_id,
    )


def read_notice(notice: pb.HistorySyncNotification) -> HistoryNotice:
    present(notice, "fileLength", "syncType")
    if notice.fileLength > FILE_LIMIT:
        raise DecodeError(f"above {FILE_LIMIT}", "HistorySyncNotification.fileLength")
    if notice.progress > 100:
        raise DecodeError("above 100", "HistorySyncNotification.progress")
    return HistoryNotice(
        sized(notice, "fileSHA256", HASH_SIZE),
        notice.fileLength,
        sized(notice, "mediaKey", KEY_SIZE),
        sized(notice, "fileEncSHA256", HASH_SIZE),
        path(notice),
        HistoryType(notice.syncType),
        notice.chunkOrder,
        notice.progress,
        text(notice, "peerDataRequestSessionID") if notice.HasField("peerDataRequestSessionID") else None,
        time(notice, "oldestMsgInChunkTimestampSec") if notice.HasField("oldestMsgInChunkTimestampSec") else None,
    )
