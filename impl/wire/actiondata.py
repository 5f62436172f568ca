"""What is inside an app state record: the index of an action, and its value.

Upstream: `SyncActionData` in `waSyncAction` of tulir/whatsmeow.
"""

import json
from dataclasses import dataclass, field
from typing import Self

from impl.wire.errors import DecodeError
from impl.wire.pb import appstate_pb2 as pb
from impl.wire.proto import parse

LIMIT = 32 << 20
INDEX_LIMIT = 4 << 10
PART_LIMIT = 16


@dataclass(frozen=True, slots=True)
class ActionData:
    """SyncActionData, the plaintext of a record: what is set, and the SyncActionValue that it is set to.

    `index` is a JSON array of strings; its bytes are kept, for they are MACed. Padding is empty.
    """

    index: bytes
    value: bytes = field(repr=False)
    version: int

    @property
    def parts(self) -> tuple[str, ...]:
        """The index as strings, the first of which names the action."""
        return parse_index(self.index)

    def encode(self) -> bytes:
        return self.message().SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        return cls.read(parse(pb.SyncActionData, data, LIMIT))

    def message(self) -> pb.SyncActionData:
        """The protobuf form, which recoveries hold too."""
        return pb.SyncActionData(index=self.index, value=self.value, padding=b"", version=self.version)

    @classmethod
    def read(cls, message: pb.SyncActionData) -> Self:
        """Raises DecodeError."""
        parse_index(message.index)
        return cls(message.index, message.value, message.version)


def encode_index(parts: tuple[str, ...]) -> bytes:
    """The JSON array as JavaScript writes it."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def parse_index(data: bytes) -> tuple[str, ...]:
    """1 to 16 strings. Raises DecodeError."""
    where = "SyncActionData.index"
    if len(data) > INDEX_LIMIT:
        raise DecodeError(f"{len(data)} bytes, the limit is {INDEX_LIMIT}", where)
    try:
        parts = json.loads(data.decode())
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, or brackets without end
        raise DecodeError("not JSON in UTF-8", where) from error
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise DecodeError("not an array of strings", where)
    if not 1 <= len(parts) <= PART_LIMIT:
        raise DecodeError(f"{len(parts)} strings, must be 1 to {PART_LIMIT}", where)
    if any("\ud800" <= character <= "\udfff" for part in parts for character in part):
        raise DecodeError("half a surrogate pair", where)
    return tuple(parts)
