"""The messages that a device keeps."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from impl.address import Address


class MessageKey(NamedTuple):
    """What makes two copies the same message."""

    id: str
    author: Address
    chat: str


@dataclass(frozen=True)
class StoredMessage:
    """A message of the chat with the account `chat`. Devices agree on all but where and when they got it."""

    id: str
    author: Address
    chat: str
    text: str
    source: Literal["own", "received", "history"] = field(compare=False)
    timestamp: int = field(compare=False)

    @property
    def key(self) -> MessageKey:
        return MessageKey(self.id, self.author, self.chat)
