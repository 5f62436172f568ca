"""Where a device is reached: `user:device@s.whatsapp.net`, device 0 being the phone."""

import re
from dataclasses import dataclass

from impl.wire.errors import DecodeError

SERVER = "s.whatsapp.net"
PHONE = 0
DEVICE_LIMIT = 255

_USER = re.compile(r"[^@:/_.\s]{1,32}")
_DEVICE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


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
