"""Groups. wire.md, sections 8.3 and 9."""

from __future__ import annotations

from msgspec import Struct

from impl.address import Address
from impl.dialogue.base import Request
from impl.dialogue.mailboxes import Accepted
from impl.stanza import Stanza


class Roster(Struct, frozen=True):
    """A group as the server says it is, nothing of it signed; `version` rises with every change.

    `creation` is in seconds, 0 if nobody looked at the clock.
    """

    group: str
    version: int
    admin: str
    members: tuple[str, ...]
    subject: str = ""
    creation: int = 0


class CreateGroup(Request[Roster], frozen=True):
    """The asking user and `members`. `key` is the client's choice: asking again with it makes no second group."""

    key: str
    members: tuple[str, ...]
    subject: str = ""


class ChangeMembers(Request[Roster], frozen=True):
    """The admin adds and removes; everybody may remove themselves."""

    group: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class FetchGroup(Request[Roster], frozen=True):
    group: str


class FetchGroups(Request[tuple[Roster, ...]], frozen=True):
    """Those in which the asking user is."""


class SubmitToGroup(Request[Accepted], frozen=True):
    """One ciphertext for all, and the sender's key for each device that lacks it.

    `phash` is that of all devices it was sealed for, the sender included: if the server counts others, it
    answers with all that it counts; without one it cannot tell. `only` limits a message that is sent again to these
    devices. Some clients say all of it pairwise then: `body` is empty, and the "distributions" hold the message. So it
    is with what is to be viewed once: made for phones of others, and the server tells everybody else what they lack.
    """

    id: str
    group: str
    phash: str
    body: bytes
    distributions: tuple[Stanza, ...]
    only: tuple[Address, ...] | None = None
    view_once: bool = False
