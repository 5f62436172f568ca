"""The history bundle: conversations of a phone, one zlib stream (RFC 1950) of HistorySync.

Upstream: `waHistorySync` and `waWeb` of tulir/whatsmeow. Inflating stops at a limit.
"""

import zlib
from dataclasses import dataclass

from impl.address import Address, chat_jid, parse_chat, parse_user
from impl.wire import inflating
from impl.wire.content import HistoryType, Media, Text, Timer, read_body, write_body
from impl.wire.content.fields import time_or_zero
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2, history_pb2
from impl.wire.proto import parse, present, text

INFLATED_LIMIT = 64 << 20
MESSAGE_LIMIT = 1 << 20
ITEM_LIMIT = 1 << 18  # conversations, messages, names: an object each, however few bytes they take


@dataclass(frozen=True)
class PastMessage:
    """WebMessageInfo: one message of a chat, its author to the device, `timestamp` in seconds."""

    id: str
    author: Address
    from_me: bool
    body: Text | Media
    timestamp: int


@dataclass(frozen=True)
class Conversation:
    """The messages of `chat`, a user or a group, oldest first, and how long new ones stay."""

    chat: str
    messages: tuple[PastMessage, ...]
    timer: Timer | None = None


@dataclass(frozen=True)
class History:
    """HistorySync. `names` are users and what they want to be called (pushnames)."""

    conversations: tuple[Conversation, ...]
    type: HistoryType = HistoryType.INITIAL_BOOTSTRAP
    chunk: int = 0
    progress: int = 100
    names: tuple[tuple[str, str], ...] = ()

    def encode(self) -> bytes:
        """Compressed, ready to be encrypted as media."""
        message = history_pb2.HistorySync(
            syncType=self.type.name,
            conversations=map(_conversation, self.conversations),
            chunkOrder=self.chunk,
            progress=self.progress,
            pushnames=[history_pb2.Pushname(ID=chat_jid(user), pushname=name) for user, name in self.names],
        )
        return deflate(message.SerializeToString(deterministic=True))

    @classmethod
    def decode(cls, data: bytes) -> "History":
        """Raises DecodeError."""
        message = parse(history_pb2.HistorySync, inflate(data), INFLATED_LIMIT)
        if message.progress > 100:
            raise DecodeError("above 100", "HistorySync.progress")
        if len(message.pushnames) + sum(1 + len(each.messages) for each in message.conversations) > ITEM_LIMIT:
            raise DecodeError(f"more than {ITEM_LIMIT} conversations, messages and names", "HistorySync")
        return cls(
            tuple(map(_read_conversation, message.conversations)),
            HistoryType(message.syncType),
            message.chunkOrder,
            message.progress,
            tuple((parse_user(text(each, "ID")), text(each, "pushname")) for each in message.pushnames),
        )


def encode_message(chat: str, message: PastMessage) -> bytes:
    """One WebMessageInfo."""
    return _web_message(chat_jid(chat), message).SerializeToString(deterministic=True)


def decode_message(chat: str, data: bytes) -> PastMessage:
    """One WebMessageInfo of that chat. Raises DecodeError."""
    return _read_info(chat, parse(history_pb2.WebMessageInfo, data, MESSAGE_LIMIT))


def deflate(data: bytes) -> bytes:
    """One zlib stream that `inflate` takes back: what compresses beyond its ratio is stored as it is."""
    stream = zlib.compress(data)
    return stream if len(data) <= inflated_limit(len(stream)) else zlib.compress(data, level=0)


def inflated_limit(length: int) -> int:
    """Into how many bytes a stream of `length` bytes may inflate."""
    return inflating.inflated_limit(length, INFLATED_LIMIT)


def inflate(data: bytes) -> bytes:
    """One whole zlib stream and nothing after it, within the limits of size and ratio. Raises DecodeError."""
    return inflating.inflate(data, INFLATED_LIMIT, "history blob")


def _conversation(conversation: Conversation) -> history_pb2.Conversation:
    chat = chat_jid(conversation.chat)
    return history_pb2.Conversation(
        ID=chat,
        messages=[history_pb2.HistorySyncMsg(message=_web_message(chat, each)) for each in conversation.messages],
        ephemeralExpiration=conversation.timer.seconds if conversation.timer else None,
        ephemeralSettingTimestamp=conversation.timer.set_at if conversation.timer else None,
    )


def _web_message(chat: str, message: PastMessage) -> history_pb2.WebMessageInfo:
    return history_pb2.WebMessageInfo(
        key=content_pb2.MessageKey(remoteJID=chat, fromMe=message.from_me, ID=message.id),
        message=write_body(message.body),
        messageTimestamp=message.timestamp,
        participant=str(message.author),
    )


def _read_conversation(conversation: history_pb2.Conversation) -> Conversation:
    chat = parse_chat(text(conversation, "ID"))
    messages = tuple(_read_message(chat, each) for each in conversation.messages)
    return Conversation(chat, messages, _read_timer(conversation))


def _read_timer(conversation: history_pb2.Conversation) -> Timer | None:
    if not conversation.HasField("ephemeralExpiration"):
        return None
    return Timer(conversation.ephemeralExpiration, time_or_zero(conversation, "ephemeralSettingTimestamp"))


def _read_message(chat: str, item: history_pb2.HistorySyncMsg) -> PastMessage:
    present(item, "message")
    return _read_info(chat, item.message)


def _read_info(chat: str, info: history_pb2.WebMessageInfo) -> PastMessage:
    present(info, "messageTimestamp", "message")
    present(info.key, "fromMe")
    if parse_chat(text(info.key, "remoteJID")) != chat:
        raise DecodeError("another chat than the conversation's", "MessageKey.remoteJID")
    return PastMessage(
        text(info.key, "ID"),
        Address.parse(text(info, "participant")),
        info.key.fromMe,
        _read_said(info.message),
        info.messageTimestamp,
    )


def _read_said(message: content_pb2.Message) -> Text | Media:
    body = read_body(message)
    if not isinstance(body, Text | Media):
        raise DecodeError("neither a text nor a medium", "WebMessageInfo.message")
    return body
