"""Names of users, devices, groups and servers: wire.md, section 5.1; tulir/whatsmeow, `types/jid.go`.

As text `user@server`, `user:device@server`, of other messengers `integrator-user:device@interop`, or the bare server.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from impl.wire.errors import DecodeError


class Server(StrEnum):
    """What kind of name it is."""

    USER = "s.whatsapp.net"
    LID = "lid"
    HOSTED = "hosted"
    HOSTED_LID = "hosted.lid"
    GROUP = "g.us"
    BROADCAST = "broadcast"
    NEWSLETTER = "newsletter"
    BOT = "bot"
    CALL = "call"
    LEGACY = "c.us"
    MESSENGER = "msgr"
    INTEROP = "interop"


DEVICE_LIMITS = {
    Server.USER: 0xFF,
    Server.LID: 0xFF,
    Server.HOSTED: 0xFF,
    Server.HOSTED_LID: 0xFF,
    Server.MESSENGER: 0xFFFF,
    Server.INTEROP: 0xFFFF,
}
"""The highest device of a user, where there are devices."""

INTEGRATOR_LIMIT = 0xFFFF

# as impl.address has them
_USER = re.compile(r"[^@:/_.\s]{1,32}")
_GROUP = re.compile(r"[0-9-]{1,64}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,4}")


@dataclass(frozen=True, slots=True)
class Jid:
    """`user` of `server`, or the server itself if it is empty; device 0 is the account or its phone.

    `integrator` says which other messenger, on INTEROP alone. Making one raises DecodeError where no such name exists.
    """

    user: str
    server: Server
    device: int = 0
    integrator: int = 0

    def __post_init__(self) -> None:
        shape = _GROUP if self.server is Server.GROUP else _USER
        if self.user and not shape.fullmatch(self.user):
            raise DecodeError(f"not a user of {self.server}: {self.user[:80]!r}", "JID")
        if not 0 <= self.device <= (DEVICE_LIMITS.get(self.server, 0) if self.user else 0):
            raise DecodeError(f"no device {self.device} on {self.server}", "JID")
        if not 0 <= self.integrator <= (INTEGRATOR_LIMIT if self.user and self.server is Server.INTEROP else 0):
            raise DecodeError(f"no integrator {self.integrator} on {self.server}", "JID")

    def __str__(self) -> str:
        if not self.user:
            return self.server.value
        integrator = f"{self.integrator}-" if self.server is Server.INTEROP else ""
        device = f":{self.device}" if self.device else ""
        return f"{integrator}{self.user}{device}@{self.server}"

    @classmethod
    def parse(cls, text: str) -> "Jid":
        """Raises DecodeError: one spelling a name, so a server has no `@` and device 0 is left out."""
        name, at, server_name = text.rpartition("@")
        server = parse_server(server_name)
        if not at:
            return cls("", server)
        user, colon, device = name.partition(":")
        integrator = "0"
        if server is Server.INTEROP:
            integrator, _, user = user.partition("-")
        if not user or device == "0":
            raise DecodeError(f"not how a name is written: {text[:80]!r}", "JID")
        return cls(user, server, _number(device) if colon else 0, _number(integrator))


def parse_server(text: str) -> Server:
    """Raises DecodeError."""
    try:
        return Server(text)
    except ValueError as error:
        raise DecodeError(f"no such server: {text[:80]!r}", "JID") from error


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise DecodeError(f"not a number: {text[:8]!r}", "JID")
    return int(text)
