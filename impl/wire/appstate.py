"""App state as the server has it: encrypted records, and patches and snapshots of them.

Upstream: `waServerSync` of tulir/whatsmeow. Bounds: what is decoded takes at most
`LIMIT` bytes and `RECORD_LIMIT` records.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Self

from impl.crypto.cbc import BLOCK_SIZE
from impl.wire.errors import DecodeError
from impl.wire.media_path import check_direct_path
from impl.wire.pb import appstate_pb2 as pb
from impl.wire.proto import parse, present, sized, text

LIMIT = 32 << 20
RECORD_LIMIT = 1 << 16
VERSION_LIMIT = (1 << 63) - 1  # what the integers of a store hold
MAC_SIZE = KEY_SIZE = FILE_HASH_SIZE = 32

_KEY_ID = struct.Struct(">HI")


class CollectionName(StrEnum):
    """The five parts that app state falls into, each with versions of its own."""

    CRITICAL_BLOCK = "critical_block"
    CRITICAL_UNBLOCK_LOW = "critical_unblock_low"
    REGULAR_HIGH = "regular_high"
    REGULAR = "regular"
    REGULAR_LOW = "regular_low"


class Operation(IntEnum):
    """SyncdOperation."""

    SET = 0
    REMOVE = 1


@dataclass(frozen=True, slots=True)
class KeyId:
    """Which device (u16) made an app state key, and in which epoch (u32): 6 bytes, big-endian."""

    device: int
    epoch: int

    def encode(self) -> bytes:
        return _KEY_ID.pack(self.device, self.epoch)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        if len(data) != _KEY_ID.size:
            raise DecodeError(f"{len(data)} bytes, must be {_KEY_ID.size}", "KeyId")
        return cls(*_KEY_ID.unpack(data))


@dataclass(frozen=True, slots=True)
class Record:
    """SyncdRecord: `blob` is IV (16 bytes), whole cipher blocks and value MAC (32); `index_mac` is 32 bytes."""

    index_mac: bytes
    blob: bytes = field(repr=False)
    key_id: KeyId

    @property
    def sealed(self) -> bytes:
        """IV and ciphertext: what the value MAC authenticates."""
        return self.blob[:-MAC_SIZE]

    @property
    def value_mac(self) -> bytes:
        return self.blob[-MAC_SIZE:]

    @classmethod
    def _read(cls, message: pb.SyncdRecord) -> Self:
        present(message, "index", "value", "keyID")
        present(message.value, "blob")
        blob = message.value.blob
        least = 2 * BLOCK_SIZE + MAC_SIZE
        if len(blob) < least or (len(blob) - least) % BLOCK_SIZE:
            raise DecodeError(f"{len(blob)} bytes, not an IV, whole blocks and a MAC", "SyncdValue.blob")
        return cls(sized(message.index, "blob", MAC_SIZE), blob, _read_key_id(message))


@dataclass(frozen=True, slots=True)
class Mutation:
    """SyncdMutation: one record set or removed."""

    operation: Operation
    record: Record

    @classmethod
    def _read(cls, message: pb.SyncdMutation) -> Self:
        present(message, "operation", "record")
        return cls(Operation(message.operation), Record._read(message.record))


@dataclass(frozen=True, slots=True)
class ExternalBlob:
    """ExternalBlobReference: a media file (keys of 32 bytes) that holds a snapshot, or mutations.

    `length` is that of the plaintext, in bytes; `handle` is only for the server.
    """

    media_key: bytes = field(repr=False)
    path: str
    length: int
    sha256: bytes
    enc_sha256: bytes
    handle: str | None = None

    def encode(self) -> bytes:
        return _blob_message(self).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        return cls._read(parse(pb.ExternalBlobReference, data, LIMIT))

    @classmethod
    def _read(cls, message: pb.ExternalBlobReference) -> Self:
        present(message, "fileSizeBytes")
        if message.fileSizeBytes > LIMIT:
            raise DecodeError(f"above {LIMIT}", "ExternalBlobReference.fileSizeBytes")
        path = check_direct_path(text(message, "directPath"), "ExternalBlobReference.directPath")
        return cls(
            sized(message, "mediaKey", KEY_SIZE),
            path,
            message.fileSizeBytes,
            sized(message, "fileSHA256", FILE_HASH_SIZE),
            sized(message, "fileEncSHA256", FILE_HASH_SIZE),
            text(message, "handle") if message.HasField("handle") else None,
        )


@dataclass(frozen=True, slots=True)
class Patch:
    """SyncdPatch: mutations, here or in a file, and the codes (32 bytes) of what the collection is afterwards.

    A patch on its way to the server has no version: the server gives it one. An exit code is a call to stop.
    """

    version: int | None
    mutations: tuple[Mutation, ...]
    snapshot_mac: bytes
    patch_mac: bytes
    key_id: KeyId
    external: ExternalBlob | None = None
    exit_code: int = 0
    device_index: int | None = None

    def encode(self) -> bytes:
        return pb.SyncdPatch(
            version=None if self.version is None else pb.SyncdVersion(version=self.version),
            mutations=map(_mutation_message, self.mutations),
            externalMutations=None if self.external is None else _blob_message(self.external),
            snapshotMAC=self.snapshot_mac,
            patchMAC=self.patch_mac,
            keyID=_key_id_message(self.key_id),
            exitCode=pb.SyncdExitCode(code=self.exit_code) if self.exit_code else None,
            deviceIndex=self.device_index,
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError, also for mutations both here and in a file."""
        message = parse(pb.SyncdPatch, data, LIMIT)
        external = message.HasField("externalMutations")
        if external and message.mutations:
            raise DecodeError("mutations both inline and external", "SyncdPatch")
        return cls(
            read_version(message) if message.HasField("version") else None,
            _read_mutations(message),
            sized(message, "snapshotMAC", MAC_SIZE),
            sized(message, "patchMAC", MAC_SIZE),
            _read_key_id(message),
            ExternalBlob._read(message.externalMutations) if external else None,
            message.exitCode.code,
            message.deviceIndex if message.HasField("deviceIndex") else None,
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """SyncdSnapshot: all records of a collection, and the code (32 bytes) of the whole under the key named."""

    version: int
    records: tuple[Record, ...]
    mac: bytes
    key_id: KeyId

    def encode(self) -> bytes:
        return pb.SyncdSnapshot(
            version=pb.SyncdVersion(version=self.version),
            records=map(_record_message, self.records),
            mac=self.mac,
            keyID=_key_id_message(self.key_id),
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        message = parse(pb.SyncdSnapshot, data, LIMIT)
        check_count(len(message.records), "SyncdSnapshot.records")
        return cls(
            read_version(message),
            tuple(map(Record._read, message.records)),
            sized(message, "mac", MAC_SIZE),
            _read_key_id(message),
        )


def encode_mutations(mutations: tuple[Mutation, ...]) -> bytes:
    """SyncdMutations, the plaintext of an external file."""
    return pb.SyncdMutations(mutations=map(_mutation_message, mutations)).SerializeToString(deterministic=True)


def decode_mutations(data: bytes) -> tuple[Mutation, ...]:
    """At least one: no patch is put into a file without need. Raises DecodeError."""
    message = parse(pb.SyncdMutations, data, LIMIT)
    if not message.mutations:
        raise DecodeError("no mutations", "SyncdMutations")
    return _read_mutations(message)


def read_version(message: pb.SyncdPatch | pb.SyncdSnapshot | pb.SyncdSnapshotRecovery) -> int:
    """Raises DecodeError."""
    present(message, "version")
    present(message.version, "version")
    if message.version.version > VERSION_LIMIT:
        raise DecodeError(f"above {VERSION_LIMIT}", "SyncdVersion.version")
    return message.version.version


def check_count(count: int, where: str) -> None:
    """Raises DecodeError for more records than any collection has: each costs far more memory than its bytes."""
    if count > RECORD_LIMIT:
        raise DecodeError(f"{count} of them, the limit is {RECORD_LIMIT}", where)


def _read_mutations(message: pb.SyncdPatch | pb.SyncdMutations) -> tuple[Mutation, ...]:
    check_count(len(message.mutations), f"{message.DESCRIPTOR.name}.mutations")
    return tuple(map(Mutation._read, message.mutations))


def _read_key_id(message: pb.SyncdPatch | pb.SyncdSnapshot | pb.SyncdRecord) -> KeyId:
    present(message, "keyID")
    return KeyId.decode(message.keyID.ID)


def _key_id_message(key_id: KeyId) -> pb.SyncdKeyId:
    return pb.SyncdKeyId(ID=key_id.encode())


def _record_message(record: Record) -> pb.SyncdRecord:
    return pb.SyncdRecord(
        index=pb.SyncdIndex(blob=record.index_mac),
        value=pb.SyncdValue(blob=record.blob),
        keyID=_key_id_message(record.key_id),
    )


def _mutation_message(mutation: Mutation) -> pb.SyncdMutation:
    return pb.SyncdMutation(operation=mutation.operation.name, record=_record_message(mutation.record))


def _blob_message(blob: ExternalBlob) -> pb.ExternalBlobReference:
    return pb.ExternalBlobReference(
        mediaKey=blob.media_key,
        directPath=blob.path,
        handle=blob.handle,
        fileSizeBytes=blob.length,
        fileSHA256=blob.sha256,
        fileEncSHA256=blob.enc_sha256,
    )
