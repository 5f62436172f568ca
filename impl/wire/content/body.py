"""The one content of a message, and the messages that clients wrap around it. Upstream: `waE2E` of tulir/whatsmeow."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from impl.address import chat_jid
from impl.wire.content.call import CallKey, read_call, write_call
from impl.wire.content.fields import read_chat
from impl.wire.content.media import FIELDS, Media, read_media, write_media
from impl.wire.content.peerdata import Request
from impl.wire.content.protocol import PeerBody, Revoke, TimerSetting, read_protocol, write_protocol
from impl.wire.content.text import Text, read_extended_text, read_text, write_text
from impl.wire.content.unsupported import Unsupported, read_unsupported, write_unsupported
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb

WRAPPER_LIMIT = 5
COPY = "deviceSentMessage"
VIEW_ONCE = {"viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"}
WRAPPERS = VIEW_ONCE | {COPY, "ephemeralMessage", "documentWithCaptionMessage", "editedMessage"}

ChatBody = Text | Media | TimerSetting | Revoke | Unsupported
"""What is said in a chat: it goes to all devices of both sides."""


@dataclass(frozen=True, slots=True)
class DeviceSent:
    """DeviceSentMessage: the copy for the own devices of what one of them sent to `chat`.

    Baileys puts what it asks of the phone into one, too (`lib/Socket/messages-send.js`, `relayMessage`).
    """

    chat: str
    message: ChatBody | Request


Body = ChatBody | PeerBody | CallKey | DeviceSent


def write_body(body: Body) -> pb.Message:
    match body:
        case Text():
            return write_text(body)
        case Media():
            return write_media(body)
        case CallKey():
            return write_call(body)
        case Unsupported():
            return write_unsupported(body)
        case DeviceSent(chat, message):
            copy = pb.DeviceSentMessage(destinationJID=chat_jid(chat), message=write_body(message))
            return pb.Message(deviceSentMessage=copy)
        case _:
            return write_protocol(body)


def read_body(message: pb.Message) -> Body | None:
    """None if the message holds no content at all. Raises DecodeError, also for several contents at once."""
    inner, wrappers = _unwrapped(message)
    body = _read(inner)
    if not wrappers:
        return body
    if not isinstance(body, ChatBody) and not (isinstance(body, Request) and wrappers == (COPY,)):
        raise DecodeError("holds nothing that is said in a chat", wrappers[-1])
    if isinstance(body, Media) and not VIEW_ONCE.isdisjoint(wrappers):
        body = replace(body, view_once=True)
    return DeviceSent(read_chat(message.deviceSentMessage, "destinationJID"), body) if wrappers[0] == COPY else body


_READERS: dict[str, Callable[[pb.Message], Body | None]] = {
    "conversation": read_text,
    "extendedTextMessage": read_extended_text,
    "call": read_call,
    "protocolMessage": read_protocol,
}


def _read(message: pb.Message) -> Body | None:
    name = _content(message)
    if name is None:
        return read_unsupported(message)
    if name in FIELDS:
        return read_media(message, name)
    return _READERS[name](message) or Unsupported((name,))


def _unwrapped(message: pb.Message) -> tuple[pb.Message, tuple[str, ...]]:
    """The innermost message, and the names of the wrappers around it from the outside in."""
    wrappers: tuple[str, ...] = ()
    while (name := _content(message)) in WRAPPERS:
        if name in wrappers or (name == COPY and wrappers):
            raise DecodeError(f"inside {wrappers[-1]}", name)
        if len(wrappers) == WRAPPER_LIMIT:
            raise DecodeError(f"more than {WRAPPER_LIMIT} wrappers", "Message")
        wrappers = *wrappers, name
        message = getattr(message, name).message
    return message, wrappers


def _content(message: pb.Message) -> str | None:
    """The one field of the message that the harness reads, or None."""
    held = [field.name for field, _ in message.ListFields() if field.name in _CONTENTS]
    if len(held) > 1:
        raise DecodeError(f"holds {', '.join(held)} at once", "Message")
    return held[0] if held else None


_CONTENTS = _READERS.keys() | FIELDS.keys() | WRAPPERS
