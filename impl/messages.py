"""The messages that a device keeps; what makes two of them the same is ours. wire.md, sections 8.1 and 8.2."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from impl.address import Address
from impl.wire.content import ChatBody, Media, Text, Timer

if TYPE_CHECKING:
    from impl.device import Device

Source = Literal["own", "received", "history"]


class MessageKey(NamedTuple):
    """What makes two copies the same message."""

    id: str
    author: Address
    chat: str


@dataclass(frozen=True)
class StoredMessage:
    """A message of `chat`, a user or a group. Devices agree on all but where and when they got it.

    `text` is the caption of a medium, and empty for what has no words.
    """

    id: str
    author: Address
    chat: str
    text: str
    source: Source = field(compare=False)
    timestamp: int = field(compare=False)
    media: Media | None = None
    timer: Timer | None = None

    @property
    def key(self) -> MessageKey:
        return MessageKey(self.id, self.author, self.chat)

    @property
    def expires_at(self) -> int | None:
        """When it disappears, in seconds by this device's clock; None is never."""
        return self.timestamp + self.timer.seconds if self.timer and self.timer.seconds else None

    @property
    def body(self) -> Text | Media:
        """What it says, as far as it is kept."""
        return self.media or Text(self.text, self.timer)

    @classmethod
    def of(cls, key: MessageKey, body: ChatBody, source: Source, timestamp: int) -> StoredMessage:
        match body:
            case Text(text, timer):
                return cls(*key, text, source, timestamp, timer=timer)
            case Media():
                return cls(*key, body.caption, source, timestamp, body, body.timer)
            case _:
                return cls(*key, "", source, timestamp)


def forget(device: Device, key: MessageKey) -> None:
    """A message goes with all that belongs to it: its medium, its expiry.

    A file of the user's is the user's.
    """
    device.messages.pop(key, None)
    device.files.pop(key, None)
    device.places.pop(key, None)
    device.expiring.pop(key, None)
