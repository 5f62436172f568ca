"""Contents of real clients that the harness does not speak: told by name, never looked into.

Upstream: the field names of `Message` in `waE2E` of tulir/whatsmeow.
"""

from dataclasses import dataclass

from google.protobuf.unknown_fields import UnknownFieldSet

from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

UNKNOWN_LIMIT = 64
BESIDE = ("senderKeyDistributionMessage", "messageContextInfo")
"""Fields of Message that are no content: they stand beside one."""

_FIELDS = pb.Message.DESCRIPTOR.fields_by_name
_DECLARED = pb.Message.DESCRIPTOR.fields_by_number
_LENGTH_DELIMITED = 2


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Reactions, polls and the like: names of fields of Message, `#` and the number where it has no name."""

    names: tuple[str, ...]


def write_unsupported(body: Unsupported) -> pb.Message:
    """The same fields, all empty."""
    numbers = [int(name[1:]) if name.startswith("#") else _FIELDS[name].number for name in body.names]
    return pb.Message.FromString(b"".join(_varint(number << 3 | _LENGTH_DELIMITED) + b"\x00" for number in numbers))


def read_unsupported(message: pb.Message) -> Unsupported | None:
    """What a message holds that has no content the harness speaks; None if it holds nothing."""
    named = [field.name for field, _ in message.ListFields() if field.name not in BESIDE]
    unknown = UnknownFieldSet(message)
    if len(unknown) > UNKNOWN_LIMIT:
        raise DecodeError(f"{len(unknown)} unknown fields, the limit is {UNKNOWN_LIMIT}", "Message")
    # A declared field can be among the unknown ones, if it came in a wrong form: then it counts as absent.
    numbers = sorted({unknown[i].field_number for i in range(len(unknown))}.difference(_DECLARED))
    names = *named, *(f"#{number}" for number in numbers)
    return Unsupported(names) if names else None


def _varint(value: int) -> bytes:
    spelled = bytearray()
    while value > 0x7F:
        spelled.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*spelled, value])
