"""Reading protobuf so that any bytes give a message or a DecodeError."""

from typing import TypeVar

from google.protobuf.message import DecodeError as Malformed
from google.protobuf.message import Message

from impl.wire.counting import check_objects
from impl.wire.errors import DecodeError

M = TypeVar("M", bound=Message)

FEW = 1 << 20
"""Bytes that cannot become too many objects, so that nobody counts."""


def parse(kind: type[M], data: bytes, limit: int) -> M:
    """The message of `kind` in at most `limit` bytes; unknown fields are dropped, as every client drops them.

    Raises DecodeError, also for nesting beyond the parser's limit and for an absent required field.
    """
    where = kind.DESCRIPTOR.name
    if len(data) > limit:
        raise DecodeError(f"{len(data)} bytes, the limit is {limit}", where)
    if len(data) > FEW:
        check_objects(data, kind.DESCRIPTOR)
    try:
        message = kind.FromString(data)
    except Malformed as error:
        raise DecodeError("not a protobuf message of this type", where) from error
    if not message.IsInitialized():
        raise DecodeError("a required field is absent", where)
    message.DiscardUnknownFields()
    return message


def parse_canonical(kind: type[M], data: bytes, limit: int) -> M:
    """As `parse`, for what is signed or MACed: one meaning must have one encoding, and no unknown fields."""
    message = parse(kind, data, limit)
    if message.SerializeToString(deterministic=True) != data:
        raise DecodeError("not the canonical encoding of its own fields", kind.DESCRIPTOR.name)
    return message


def present(message: Message, *names: str) -> None:
    """Raises DecodeError unless every named field was sent."""
    for name in names:
        if not message.HasField(name):
            raise DecodeError("absent", f"{message.DESCRIPTOR.name}.{name}")


def sized(message: Message, name: str, length: int) -> bytes:
    """The bytes of a field that must be present with exactly `length` bytes."""
    present(message, name)
    value: bytes = getattr(message, name)
    if len(value) != length:
        raise DecodeError(f"{len(value)} bytes, must be {length}", f"{message.DESCRIPTOR.name}.{name}")
    return value


def sized_if_any(message: Message, name: str, length: int) -> bytes | None:
    """As `sized`, None if the field was not sent."""
    return sized(message, name, length) if message.HasField(name) else None


def text(message: Message, name: str) -> str:
    """A string field that must be present."""
    present(message, name)
    value: str | bytes = getattr(message, name)
    if isinstance(value, bytes):  # what the protobuf runtime hands out for a proto2 string that is not UTF-8
        raise DecodeError("not UTF-8", f"{message.DESCRIPTOR.name}.{name}")
    return value
