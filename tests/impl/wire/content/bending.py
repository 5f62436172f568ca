"""Messages with something about them changed, for the tests of rules."""

from collections.abc import Callable
from typing import Any

from impl.wire.content import Body, Message, encode
from impl.wire.pb import content_pb2 as pb

Change = Callable[[pb.Message], object]


def changed(message: Message | Body, change: Change) -> bytes:
    """The message with something about it changed."""
    written = pb.Message.FromString(encode(message))
    change(written)
    return written.SerializeToString()


def set_(path: str, value: object) -> Change:
    """Sets the field at the end of a dotted path."""
    *holders, field = path.split(".")

    return lambda message: setattr(_held(message, holders), field, value)


def clear(path: str) -> Change:
    """Takes the field at the end of a dotted path away."""
    *holders, field = path.split(".")

    return lambda message: _held(message, holders).ClearField(field)


def twice(path: str) -> Change:
    """Doubles the first item of the repeated field at the end of a dotted path."""

    *holders, field = path.split(".")

    def change(message: pb.Message) -> None:
        items = getattr(_held(message, holders), field)
        items.add().CopyFrom(items[0])

    return change


def wrapped(message: Body | bytes, name: str) -> bytes:
    """The message inside the wrapper of that name."""
    outer = pb.Message()
    getattr(outer, name).message.ParseFromString(message if isinstance(message, bytes) else encode(message))
    return outer.SerializeToString()


def _held(message: Any, path: list[str]) -> Any:
    """What is at the end of the path; of a repeated field, the first."""
    for name in path:
        message = getattr(message, name)
        message = message if hasattr(message, "DESCRIPTOR") else message[0]
    return message
