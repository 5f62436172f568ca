"""Keys of the app state, shared and asked for between own devices. Upstream: `waE2E` of tulir/whatsmeow."""

from dataclasses import dataclass

from impl.wire.content.fields import KEY_SIZE, bounded, indexes, time
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import sized

KEY_ID_SIZE = 6
KEY_LIMIT = 100
COLLECTION_LIMIT = 5  # as many as there are


@dataclass(frozen=True, slots=True)
class SyncKey:
    """AppStateSyncKey: `id` is 6 bytes, `data` 32, or None where the sender lacks the key that it was asked for.

    `raw_id`, `current_index` and `device_indexes` are the device list that the key was made for; `timestamp` is when,
    in milliseconds.
    """

    id: bytes
    data: bytes | None
    raw_id: int = 0
    current_index: int = 0
    device_indexes: tuple[int, ...] = ()
    timestamp: int = 0


@dataclass(frozen=True, slots=True)
class KeyShare:
    """AppStateSyncKeyShare: at most KEY_LIMIT keys."""

    keys: tuple[SyncKey, ...]


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """AppStateSyncKeyRequest: the ids of at most KEY_LIMIT keys, 6 bytes each."""

    ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FatalException:
    """AppStateFatalExceptionNotification: collections that a companion cannot verify, `timestamp` in milliseconds."""

    collections: tuple[str, ...]
    timestamp: int


def write_share(body: KeyShare) -> pb.AppStateSyncKeyShare:
    return pb.AppStateSyncKeyShare(keys=map(_key, body.keys))


def read_share(share: pb.AppStateSyncKeyShare) -> KeyShare:
    bounded(len(share.keys), KEY_LIMIT, share, "keys")
    return KeyShare(tuple(map(_read_key, share.keys)))


def write_key_request(body: KeyRequest) -> pb.AppStateSyncKeyRequest:
    return pb.AppStateSyncKeyRequest(keyIDs=[pb.AppStateSyncKeyId(keyID=each) for each in body.ids])


def read_key_request(request: pb.AppStateSyncKeyRequest) -> KeyRequest:
    bounded(len(request.keyIDs), KEY_LIMIT, request, "keyIDs")
    return KeyRequest(tuple(sized(each, "keyID", KEY_ID_SIZE) for each in request.keyIDs))


def write_exception(body: FatalException) -> pb.AppStateFatalExceptionNotification:
    return pb.AppStateFatalExceptionNotification(collectionNames=body.collections, timestamp=body.timestamp)


def read_exception(notification: pb.AppStateFatalExceptionNotification) -> FatalException:
    names = notification.collectionNames
    bounded(len(names), COLLECTION_LIMIT, notification, "collectionNames")
    if any(isinstance(name, bytes) for name in names):  # as `impl.wire.proto.text` has it
        raise DecodeError("not UTF-8", "AppStateFatalExceptionNotification.collectionNames")
    return FatalException(tuple(names), time(notification, "timestamp"))


def _key(key: SyncKey) -> pb.AppStateSyncKey:
    fingerprint = pb.AppStateSyncKeyFingerprint(
        rawID=key.raw_id, currentIndex=key.current_index, deviceIndexes=key.device_indexes
    )
    data = pb.AppStateSyncKeyData(keyData=key.data, fingerprint=fingerprint, timestamp=key.timestamp)
    return pb.AppStateSyncKey(keyID=pb.AppStateSyncKeyId(keyID=key.id), keyData=None if key.data is None else data)


def _read_key(key: pb.AppStateSyncKey) -> SyncKey:
    id = sized(key.keyID, "keyID", KEY_ID_SIZE)
    if not key.HasField("keyData"):
        return SyncKey(id, None)
    data = key.keyData
    return SyncKey(
        id,
        sized(data, "keyData", KEY_SIZE),
        data.fingerprint.rawID,
        data.fingerprint.currentIndex,
        indexes(data.fingerprint, "deviceIndexes"),
        time(data, "timestamp"),
    )
