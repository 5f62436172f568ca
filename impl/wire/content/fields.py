"""Fields that several contents have: chats, message keys, times, device indexes, media paths. Upstream: `waCommon`."""

from google.protobuf.message import Message

from impl.address import chat_jid, parse_chat
from impl.wire.errors import DecodeError
from impl.wire.media_path import check_direct_path
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import present, text

HASH_SIZE = KEY_SIZE = 32
INDEX_LIMIT = 64


def read_chat(message: Message, name: str) -> str:
    """The user or group of a chat's address, which must be present."""
    return parse_chat(text(message, name))


def time(message: Message, name: str) -> int:
    """A time that must be present, in the unit of its field; none lies before 1970."""
    present(message, name)
    return time_or_zero(message, name)


def time_or_zero(message: Message, name: str) -> int:
    """As `time`, 0 if the field was not sent."""
    value: int = getattr(message, name)
    if value < 0:
        raise DecodeError("below 0", f"{message.DESCRIPTOR.name}.{name}")
    return value


def indexes(message: Message, name: str) -> tuple[int, ...]:
    """At most INDEX_LIMIT key indexes of devices, in the order sent."""
    values = getattr(message, name)
    bounded(len(values), INDEX_LIMIT, message, name)
    return tuple(values)


def bounded(count: int, limit: int, message: Message, name: str) -> None:
    """Raises DecodeError if a repeated field has more than `limit` items."""
    if count > limit:
        raise DecodeError(f"{count} items, the limit is {limit}", f"{message.DESCRIPTOR.name}.{name}")


def path(message: Message) -> str:
    """`directPath`, where the media server keeps a file: a path on that server, never a host."""
    return check_direct_path(text(message, "directPath"), f"{message.DESCRIPTOR.name}.directPath")


def write_key(chat: str, from_me: bool, id: str, participant: str | None = None) -> pb.MessageKey:
    """The key of a message; `participant` is its author in a group."""
    author = None if participant is None else chat_jid(participant)
    return pb.MessageKey(remoteJID=chat_jid(chat), fromMe=from_me, ID=id, participant=author)


def read_key(key: pb.MessageKey) -> tuple[str, bool, str]:
    """Chat, whether the sender of the key wrote that message, and its id."""
    present(key, "fromMe")
    return read_chat(key, "remoteJID"), key.fromMe, text(key, "ID")
