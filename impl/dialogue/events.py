"""What the server tells a client of its own accord: each lies in a mailbox until it is acknowledged.

wire.md, sections 2 to 13, the notifications and what the server hands over.
"""

from __future__ import annotations

from msgspec import Struct

from impl.address import Address
from impl.calls import Signal
from impl.dialogue.groups import Roster
from impl.dialogue.mailboxes import MediaRetry, Receipt
from impl.kinds import DeviceProps
from impl.stanza import GroupStanza, RetryRequest, Stanza
from impl.wire.appstate import CollectionName
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello


class Event(Struct, frozen=True, tag=True):
    """Something in a mailbox."""


class Delivery(Event, frozen=True):
    """`chat` is where it was said, according to the server, if it comes from another own device.

    `name` is what the sender wants to be called, according to the server.
    """

    stanza: Stanza
    chat: str | None = None
    name: str | None = None


class GroupDelivery(Event, frozen=True):
    """`name` as in a `Delivery`."""

    stanza: GroupStanza
    name: str | None = None


class GroupChanged(Event, frozen=True):
    """Somebody joined or left, by the will of `author`; those who left are told, too."""

    roster: Roster
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    author: str | None = None


class Receipted(Event, frozen=True):
    receipt: Receipt


class Unavailable(Event, frozen=True):
    """There is a message in `chat` that is not for this device: one to be viewed once."""

    id: str
    sender: Address
    chat: str


class MediaRetried(Event, frozen=True):
    retry: MediaRetry


class CallSignalled(Event, frozen=True):
    signal: Signal


class RetryAsked(Event, frozen=True):
    """A device could not open what this one sent."""

    request: RetryRequest


class PairSuccess(Event, frozen=True):
    """A phone has vouched for this companion, which is now reached at `address`."""

    container: bytes
    address: Address


class Linked(Event, frozen=True):
    """The companion at `address` has countersigned; what it is comes from its registration, and is unsigned."""

    address: Address
    device_identity: bytes
    props: DeviceProps


class PairingAsked(Event, frozen=True):
    """To the phone: a companion shows a code."""

    hello: CompanionHello


class PairingAnswered(Event, frozen=True):
    """To the companion: the phone has been told a code."""

    hello: PrimaryHello


class PairingFinished(Event, frozen=True):
    """To the phone: the companion's proof."""

    finish: CompanionFinish


class Unlinked(Event, frozen=True):
    """This device belongs to its account no longer."""


class PrekeysLow(Event, frozen=True):
    left: int


class DevicesChanged(Event, frozen=True):
    user: str


class IdentityChanged(Event, frozen=True):
    """The account `user` was registered anew."""

    user: str


class CollectionsChanged(Event, frozen=True):
    """Another device of the account has written to these."""

    names: tuple[CollectionName, ...]


AnyEvent = (
    Delivery
    | GroupDelivery
    | GroupChanged
    | Receipted
    | Unavailable
    | MediaRetried
    | CallSignalled
    | RetryAsked
    | PairSuccess
    | Linked
    | PairingAsked
    | PairingAnswered
    | PairingFinished
    | Unlinked
    | PrekeysLow
    | DevicesChanged
    | IdentityChanged
    | CollectionsChanged
)


class Entry(Struct, frozen=True):
    """An event as it lies in a mailbox, since the second `at`; numbers rise and are never used again."""

    number: int
    event: AnyEvent
    at: int = 0
