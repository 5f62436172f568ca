"""What a companion asks its phone for, and the answers: the PeerDataOperation messages.

Older history is answered by a history notice. Upstream: `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass

from impl.address import chat_jid, parse_user
from impl.wire.content.fields import read_chat, read_key, time, write_key
from impl.wire.content.notice import HistoryType
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import present, text

_Request = pb.PeerDataOperationRequestMessage
_Response = pb.PeerDataOperationRequestResponseMessage
_Result = _Response.PeerDataOperationResult


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """HistorySyncOnDemandRequest: `count` messages, at least 1, older than the oldest that the companion has."""

    chat: str
    oldest_id: str
    oldest_from_me: bool
    count: int
    oldest_timestamp_ms: int


@dataclass(frozen=True, slots=True)
class PlaceholderRequest:
    """PlaceholderMessageResendRequest: one message that the companion could not open; its author in a group."""

    chat: str
    from_me: bool
    id: str
    participant: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceholderResponse:
    """PlaceholderMessageResendResponse to the request in the message `request_id`: a WebMessageInfo, encoded."""

    request_id: str
    message: bytes


@dataclass(frozen=True, slots=True)
class RecoveryRequest:
    """SyncDCollectionFatalRecoveryRequest: a collection anew, `timestamp` in seconds."""

    collection: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class RecoveryResponse:
    """SyncDSnapshotFatalRecoveryResponse to the request in the message `request_id`: a SyncdSnapshotRecovery, encoded.

    `compressed` says that it went through gzip.
    """

    request_id: str
    collection_snapshot: bytes
    compressed: bool = False


@dataclass(frozen=True, slots=True)
class ChunkRetry:
    """HistorySyncChunkRetryRequest: a part of the history anew, for what the message `notification` named failed."""

    type: HistoryType
    chunk: int
    notification: str


Request = HistoryRequest | PlaceholderRequest | RecoveryRequest | ChunkRetry
Response = PlaceholderResponse | RecoveryResponse


def write_request(body: Request) -> _Request:
    match body:
        case HistoryRequest():
            return _Request(
                peerDataOperationRequestType=pb.HISTORY_SYNC_ON_DEMAND,
                historySyncOnDemandRequest=_Request.HistorySyncOnDemandRequest(
                    chatJID=chat_jid(body.chat),
                    oldestMsgID=body.oldest_id,
                    oldestMsgFromMe=body.oldest_from_me,
                    onDemandMsgCount=body.count,
                    oldestMsgTimestampMS=body.oldest_timestamp_ms,
                ),
            )
        case PlaceholderRequest(chat, from_me, id, participant):
            key = write_key(chat, from_me, id, participant)
            return _Request(
                peerDataOperationRequestType=pb.PLACEHOLDER_MESSAGE_RESEND,
                placeholderMessageResendRequest=[_Request.PlaceholderMessageResendRequest(messageKey=key)],
            )
        case RecoveryRequest(collection, timestamp):
            return _Request(
                peerDataOperationRequestType=pb.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY,
                syncdCollectionFatalRecoveryRequest=_Request.SyncDCollectionFatalRecoveryRequest(
                    collectionName=collection, timestamp=timestamp
                ),
            )
        case ChunkRetry(type, chunk, notification):
            retry = _Request.HistorySyncChunkRetryRequest(
                syncType=type.name, chunkOrder=chunk, chunkNotificationID=notification, regenerateChunk=True
            )
            return _Request(
                peerDataOperationRequestType=pb.HISTORY_SYNC_CHUNK_RETRY, historySyncChunkRetryRequest=retry
            )


def read_request(request: _Request) -> Request | None:
    """None for an operation that the harness does not speak."""
    match _type(request):
        case pb.HISTORY_SYNC_ON_DEMAND:
            return _history(request.historySyncOnDemandRequest)
        case pb.PLACEHOLDER_MESSAGE_RESEND:
            return _placeholder(request)
        case pb.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY:
            recovery = request.syncdCollectionFatalRecoveryRequest
            return RecoveryRequest(text(recovery, "collectionName"), time(recovery, "timestamp"))
        case pb.HISTORY_SYNC_CHUNK_RETRY:
            return _retry(request.historySyncChunkRetryRequest)
        case _:
            return None


def write_response(body: Response) -> _Response:
    match body:
        case PlaceholderResponse(request_id, message):
            type = pb.PLACEHOLDER_MESSAGE_RESEND
            resend = _Result.PlaceholderMessageResendResponse(webMessageInfoBytes=message)
            result = _Result(placeholderMessageResendResponse=resend)
        case RecoveryResponse(request_id, snapshot, compressed):
            type = pb.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY
            recovery = _Result.SyncDSnapshotFatalRecoveryResponse(collectionSnapshot=snapshot, isCompressed=compressed)
            result = _Result(syncdSnapshotFatalRecoveryResponse=recovery)
    return _Response(peerDataOperationRequestType=type, stanzaID=request_id, peerDataOperationResult=[result])


def read_response(response: _Response) -> Response | None:
    """None for an operation that the harness does not speak."""
    match _type(response):
        case pb.PLACEHOLDER_MESSAGE_RESEND:
            resend = _result(response).placeholderMessageResendResponse
            present(resend, "webMessageInfoBytes")
            return PlaceholderResponse(text(response, "stanzaID"), resend.webMessageInfoBytes)
        case pb.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY:
            recovery = _result(response).syncdSnapshotFatalRecoveryResponse
            present(recovery, "collectionSnapshot")
            return RecoveryResponse(text(response, "stanzaID"), recovery.collectionSnapshot, recovery.isCompressed)
        case _:
            return None


def _type(message: _Request | _Response) -> pb.PeerDataOperationRequestType | None:
    return message.peerDataOperationRequestType if message.HasField("peerDataOperationRequestType") else None


def _history(request: _Request.HistorySyncOnDemandRequest) -> HistoryRequest:
    present(request, "oldestMsgFromMe", "onDemandMsgCount")
    if request.onDemandMsgCount < 1:
        raise DecodeError("below 1", "HistorySyncOnDemandRequest.onDemandMsgCount")
    return HistoryRequest(
        read_chat(request, "chatJID"),
        text(request, "oldestMsgID"),
        request.oldestMsgFromMe,
        request.onDemandMsgCount,
        time(request, "oldestMsgTimestampMS"),
    )


def _retry(request: _Request.HistorySyncChunkRetryRequest) -> ChunkRetry:
    present(request, "syncType", "chunkOrder")
    return ChunkRetry(HistoryType(request.syncType), request.chunkOrder, text(request, "chunkNotificationID"))


def _placeholder(request: _Request) -> PlaceholderRequest:
    wanted = request.placeholderMessageResendRequest
    if len(wanted) != 1:
        raise DecodeError(f"{len(wanted)} messages, must be 1", "PlaceholderMessageResendRequest")
    key = wanted[0].messageKey
    participant = parse_user(text(key, "participant")) if key.HasField("participant") else None
    return PlaceholderRequest(*read_key(key), participant)


def _result(response: _Response) -> _Result:
    results = response.peerDataOperationResult
    if len(results) != 1:
        raise DecodeError(f"{len(results)} results, must be 1", "PeerDataOperationResult")
    return results[0]
