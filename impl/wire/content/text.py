"""Texts, and the disappearing timer that every content of a chat repeats. Upstream: `waE2E` of tulir/whatsmeow."""

from dataclasses import dataclass
from typing import Protocol

from impl.wire.content.fields import time_or_zero
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import text


@dataclass(frozen=True, slots=True)
class Timer:
    """ContextInfo: a message disappears after `seconds`, 0 is never; the chat was set so at `set_at`, in seconds.

    `set_at` is 0 where the sender does not say.
    """

    seconds: int
    set_at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A plain text: `conversation`, or `extendedTextMessage` where it needs a context."""

    text: str
    timer: Timer | None = None


class _InContext(Protocol):
    @property
    def contextInfo(self) -> pb.ContextInfo: ...


def write_timer(timer: Timer) -> pb.ContextInfo:
    return pb.ContextInfo(expiration=timer.seconds, ephemeralSettingTimestamp=timer.set_at)


def read_timer(message: _InContext) -> Timer | None:
    context = message.contextInfo
    if not context.HasField("expiration"):
        return None
    return Timer(context.expiration, time_or_zero(context, "ephemeralSettingTimestamp"))


def write_text(body: Text) -> pb.Message:
    if body.timer is None:
        return pb.Message(conversation=body.text)
    return pb.Message(extendedTextMessage=pb.ExtendedTextMessage(text=body.text, contextInfo=write_timer(body.timer)))


def read_text(message: pb.Message) -> Text:
    """The text of `conversation`."""
    return Text(text(message, "conversation"))


def read_extended_text(message: pb.Message) -> Text:
    """The text of `extendedTextMessage`."""
    extended = message.extendedTextMessage
    return Text(text(extended, "text"), read_timer(extended))
