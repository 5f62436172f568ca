"""What a sender knows of the two device lists, so that the receiver notices when it knows another.

White paper, "Identity change detection". Upstream: `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass

from impl.wire.content.fields import indexes
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

VERSION = 2
SHORTEST_HASH, LONGEST_HASH = 8, 32


@dataclass(frozen=True, slots=True)
class DeviceHint:
    """DeviceListMetadata: per side a hash over identity keys (8 to 32 bytes) and the time of the list, in seconds.

    The indexes, at most 64, are the devices that the hash covers; none where it covers all.
    """

    sender_hash: bytes | None
    sender_time: int | None
    sender_indexes: tuple[int, ...]
    recipient_hash: bytes | None
    recipient_time: int | None
    recipient_indexes: tuple[int, ...]


def write_hint(hint: DeviceHint) -> pb.MessageContextInfo:
    return pb.MessageContextInfo(
        deviceListMetadata=pb.DeviceListMetadata(
            senderKeyHash=hint.sender_hash,
            senderTimestamp=hint.sender_time,
            senderKeyIndexes=hint.sender_indexes,
            recipientKeyHash=hint.recipient_hash,
            recipientTimestamp=hint.recipient_time,
            recipientKeyIndexes=hint.recipient_indexes,
        ),
        deviceListMetadataVersion=VERSION,
    )


def read_hint(context: pb.MessageContextInfo) -> DeviceHint | None:
    """None where there is none, or one of another version."""
    if not context.HasField("deviceListMetadata") or context.deviceListMetadataVersion != VERSION:
        return None
    metadata = context.deviceListMetadata
    return DeviceHint(
        _hash(metadata, "senderKeyHash"),
        metadata.senderTimestamp if metadata.HasField("senderTimestamp") else None,
        indexes(metadata, "senderKeyIndexes"),
        _hash(metadata, "recipientKeyHash"),
        metadata.recipientTimestamp if metadata.HasField("recipientTimestamp") else None,
        indexes(metadata, "recipientKeyIndexes"),
    )


def _hash(metadata: pb.DeviceListMetadata, name: str) -> bytes | None:
    if not metadata.HasField(name):
        return None
    value: bytes = getattr(metadata, name)
    if not SHORTEST_HASH <= len(value) <= LONGEST_HASH:
        why = f"{len(value)} bytes, must be {SHORTEST_HASH} to {LONGEST_HASH}"
        raise DecodeError(why, f"DeviceListMetadata.{name}")
    return value
