"""What a device keeps about others, and what travels between devices."""

from dataclasses import dataclass, field
from typing import Literal

from impl.address import Address
from impl.wire.adv import KeyIndexList

Category = Literal["message", "peer"]


@dataclass(frozen=True)
class View:
    """A verified device list of one account: the signed bytes, and what they say."""

    signed: bytes
    list: KeyIndexList


@dataclass(frozen=True)
class Peer:
    """A verified device: its 32-byte identity key, and the key index under which its account lists it."""

    identity: bytes
    key_index: int


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
    def key(self) -> tuple[str, Address, str]:
        """What makes two copies the same message."""
        return self.id, self.author, self.chat


@dataclass(frozen=True)
class Stanza:
    """One ciphertext for one device, as the server sees it and, except for `body`, may change it."""

    id: str
    sender: Address
    recipient: Address
    category: Category
    enc_type: Literal["pkmsg", "msg"]
    body: bytes
    device_identity: bytes | None = None
