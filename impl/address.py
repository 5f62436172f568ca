"""Where a device is reached: `user:device@s.whatsapp.net`, device 0 being the phone; and what a chat is called.

A chat is a text: the user it is held with, or a group by its whole address, `120363…@g.us`. wire.md, section 5.1.
"""

import re
from dataclasses import dataclass

from impl.wire.errors import DecodeError

SERVER = "s.whatsapp.net"
GROUP_SERVER = "g.us"
PHONE = 0
DEVICE_LIMIT = 255

_USER = re.compile(r"[^@:/_.\s]{1,32}")
_DEVICE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_GROUP = re.compile(r"[0-9-]{1,64}")


@dataclass(frozen=True, order=True)
class Address:
    """One device of one account."""

    user: str
    device: int

    def __str__(self) -> str:
        device = f":{self.device}" if self.device else ""
        return f"{self.user}{device}@{SERVER}"

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Raises DecodeError: one spelling an address, users without separators, device 0 to 255."""
        name, _, server = text.partition("@")
        user, colon, device = name.partition(":")
        if server != SERVER or not _USER.fullmatch(user):
            raise DecodeError(f"not user@{SERVER}: {text[:80]!r}", "address")
        if not colon:
            return cls(user, PHONE)
        if not _DEVICE.fullmatch(device) or int(device) > DEVICE_LIMIT:
            raise DecodeError(f"not a device number: {device[:8]!r}", "address")
        return cls(user, int(device))


def parse_user(text: str) -> str:
    """The user of an address that names an account, not a device. Raises DecodeError."""
    address = Address.parse(text)
    if address.device != PHONE:
        raise DecodeError("an account is meant, not a device", "address")
    return address.user


def is_group(chat: str) -> bool:
    return chat.endswith(f"@{GROUP_SERVER}")


def chat_jid(chat: str) -> str:
    """The address of a chat: of its user's account, or the group as it is."""
    return chat if is_group(chat) else str(Address(chat, PHONE))


def parse_chat(text: str) -> str:
    """The chat at an address. Raises DecodeError: an account, or a group of digits and hyphens, at most 64."""
    if not is_group(text):
        return parse_user(text)
    if not _GROUP.fullmatch(text.removesuffix(f"@{GROUP_SERVER}")):
        raise DecodeError(f"not a group: {text[:80]!r}", "address")
    return text
