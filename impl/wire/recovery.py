"""A collection in the clear, which the phone hands to a companion whose own is broken.

Upstream: `waSyncdSnapshotRecovery` of tulir/whatsmeow. Inflating stops at the limit of app state and, since value
MACs do not compress, far below it for what compresses too well.
"""

from dataclasses import dataclass
from typing import Self

from impl.wire.actiondata import ActionData
from impl.wire.appstate import LIMIT, MAC_SIZE, CollectionName, KeyId, check_count, read_version
from impl.wire.errors import DecodeError
from impl.wire.inflating import GZIP, inflate
from impl.wire.pb import appstate_pb2 as pb
from impl.wire.proto import parse, present, sized, text

HASH_SIZE = 128


@dataclass(frozen=True, slots=True)
class PlainRecord:
    """SyncdPlainTextRecord: an action, and the value MAC (32 bytes) of its encrypted form at the server."""

    action: ActionData
    key_id: KeyId
    value_mac: bytes

    @classmethod
    def _read(cls, message: pb.SyncdPlainTextRecord) -> Self:
        present(message, "value", "keyID")
        return cls(
            ActionData.read(message.value),
            KeyId.decode(message.keyID),
            sized(message, "mac", MAC_SIZE),
        )


@dataclass(frozen=True, slots=True)
class Recovery:
    """SyncdSnapshotRecovery: the phone's whole collection in the clear, for a companion whose own is broken.

    `hash` has 128 bytes.
    """

    version: int
    name: CollectionName
    records: tuple[PlainRecord, ...]
    hash: bytes

    def encode(self) -> bytes:
        return pb.SyncdSnapshotRecovery(
            version=pb.SyncdVersion(version=self.version),
            collectionName=self.name,
            mutationRecords=[
                pb.SyncdPlainTextRecord(value=each.action.message(), keyID=each.key_id.encode(), mac=each.value_mac)
                for each in self.records
            ],
            collectionLthash=self.hash,
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes, compressed: bool) -> Self:
        """`compressed` says whether it comes as one gzip member (RFC 1952). Raises DecodeError."""
        plain = inflate(data, LIMIT, "SyncdSnapshotRecovery", GZIP) if compressed else data
        message = parse(pb.SyncdSnapshotRecovery, plain, LIMIT)
        check_count(len(message.mutationRecords), "SyncdSnapshotRecovery.mutationRecords")
        return cls(
            read_version(message),
            _collection(text(message, "collectionName")),
            tuple(map(PlainRecord._read, message.mutationRecords)),
            sized(message, "collectionLthash", HASH_SIZE),
        )


def _collection(name: str) -> CollectionName:
    try:
        return CollectionName(name)
    except ValueError as error:
        raise DecodeError(f"no collection {name[:40]!r}", "SyncdSnapshotRecovery.collectionName") from error
