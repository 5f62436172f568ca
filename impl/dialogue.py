"""What a client asks of the server, what it is answered, and what the server tells a client of its own accord.

The content of the stanzas of wire.md, sections 2 to 11, without their form: `impl` decides on these, and whoever
carries them gives them bytes. Every value is msgpack to msgspec, as it stands.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from impl.address import Address
from impl.kinds import DeviceProps
from impl.sessions import PrekeyBundle
from impl.stanza import GroupStanza, RetryRequest, Stanza
from impl.wire.appstate import CollectionName
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello

A = TypeVar("A")
T = TypeVar("T")


Client = Address | bytes
"""Who is connected: a device by its address, a companion that belongs to nobody by its Noise key."""


class Request(Struct, Generic[A], frozen=True, tag=True):
    """A question whose answer is of type A."""


Flow = Generator[Request[Any], Any, T]
"""A dialogue from the client's side: yields requests, is sent the answers, returns T.

Nothing that must survive a crash is only in a flow: what it has done so far is in the store, and a flow that is
begun again goes on from there.
"""


def ask(request: Request[A]) -> Flow[A]:
    """One request of a flow: `answer = yield from ask(...)`. Raises Declined."""
    answer: A = yield request
    return answer


class Declined(Exception):
    """The server says no; `code` is that of the stanza error (404 not found, 409 conflict, ...)."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


class Done(Struct, frozen=True):
    """The answer when there is nothing to say."""


class OneTimePrekey(Struct, frozen=True):
    id: int
    public: bytes


class DeviceEntry(Struct, frozen=True):
    """What the directory says of one device; nothing of it is signed."""

    address: Address
    key_index: int


class Devices(Struct, frozen=True):
    """The devices of one account, and the list that its phone signed, if it ever did."""

    devices: tuple[DeviceEntry, ...]
    signed_list: bytes | None = None


# accounts and linking


class RegisterPhone(Request[Done], frozen=True):
    """A phone takes an account, whoever had it before."""

    user: str
    bundle: PrekeyBundle
    one_time: tuple[OneTimePrekey, ...]


class AskReference(Request[str], frozen=True):
    """A companion that belongs to nobody asks for the reference that its QR shows."""

    props: DeviceProps


class AskPairing(Request[bytes], frozen=True):
    """Stage companion_hello: a companion shows a code to `user`; answers with the reference of the pairing.

    `ephemeral` is a wrapped key of 80 bytes.
    """

    user: str
    ephemeral: bytes
    props: DeviceProps


class AnswerPairing(Request[Done], frozen=True):
    """Stage primary_hello: a code was typed on the phone."""

    hello: PrimaryHello


class FinishPairing(Request[Done], frozen=True):
    """Stage companion_finish: the companion proves that it shows the code."""

    finish: CompanionFinish


class ApproveLinking(Request[Address], frozen=True):
    """The phone has scanned: the container is for the companion that holds `noise`; answers where it will be."""

    noise: bytes
    container: bytes
    key_index: int
    signed_list: bytes


class ConfirmLinking(Request[Done], frozen=True):
    """The companion has countersigned."""

    device_identity: bytes


class Unlink(Request[Done], frozen=True):
    """The phone removes a companion and publishes the list without it; or a companion removes itself."""

    address: Address
    signed_list: bytes | None


# directory


class PublishPrekeys(Request[Done], frozen=True):
    """A bundle without one-time prekey replaces the former; one-time prekeys add up."""

    bundle: PrekeyBundle
    one_time: tuple[OneTimePrekey, ...] = ()


class CountPrekeys(Request[int], frozen=True):
    """How many one-time prekeys of the asking device are left."""


class PublishList(Request[Done], frozen=True):
    signed_list: bytes


class FetchDevices(Request[dict[str, Devices]], frozen=True):
    users: tuple[str, ...]


class FetchBundles(Request[tuple[tuple[Address, PrekeyBundle], ...]], frozen=True):
    """Each bundle uses up one of its device's one-time prekeys; devices without a bundle are left out."""

    addresses: tuple[Address, ...]


# mailboxes


class Receipt(Struct, frozen=True):
    """What `sender` says about message `id`, to one device."""

    id: str
    sender: Address
    recipient: Address
    kind: Literal["delivered", "read", "played", "sender", "peer_msg", "hist_sync"]


class Accepted(Struct, frozen=True):
    """Which devices the message lacks, and which it was made for in vain; the others have it in their mailbox."""

    missing: tuple[Address, ...] = ()
    extra: tuple[Address, ...] = ()


class Submit(Request[Accepted], frozen=True):
    """The ciphertexts of one message. `chat` is None for peer messages, which are for whom they are for.

    So is a message that is sent `again`, to a device that asked for it.
    """

    id: str
    chat: str | None
    stanzas: tuple[Stanza, ...]
    again: bool = False


class SendReceipts(Request[Done], frozen=True):
    receipts: tuple[Receipt, ...]


class AskRetry(Request[Done], frozen=True):
    """Tells the sender of a message that it could not be opened."""

    request: RetryRequest


class Acknowledge(Request[Done], frozen=True):
    """The device has these entries of its mailbox for good: they can go."""

    entries: tuple[int, ...]


# groups


class Roster(Struct, frozen=True):
    """A group as the server says it is, nothing of it signed; `version` rises with every change."""

    group: str
    version: int
    admin: str
    members: tuple[str, ...]


class CreateGroup(Request[Roster], frozen=True):
    """The asking user and `members`. `key` is the client's choice: asking again with it makes no second group."""

    key: str
    members: tuple[str, ...]


class ChangeMembers(Request[Roster], frozen=True):
    """The admin adds and removes; everybody may remove themselves."""

    group: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class FetchGroup(Request[Roster], frozen=True):
    group: str


class SubmitToGroup(Request[Accepted], frozen=True):
    """One ciphertext for all, and the sender's key for each device that lacks it.

    `phash` is that of all devices it was sealed for, the sender included: if the server counts others, it
    answers with all that it counts. `only` limits a message that is sent again to these devices.
    """

    id: str
    group: str
    phash: str
    body: bytes
    distributions: tuple[Stanza, ...]
    only: tuple[Address, ...] | None = None


# blobs


class Upload(Request[Done], frozen=True):
    path: str
    blob: bytes


class Download(Request[bytes], frozen=True):
    path: str


class DeleteBlob(Request[Done], frozen=True):
    path: str


# app state


class CollectionAsk(Struct, frozen=True):
    """Where a device stands, and perhaps a SyncdPatch, without its version, that is to come next."""

    name: CollectionName
    version: int
    patch: bytes | None = None
    wants_snapshot: bool = False


class CollectionAnswer(Struct, frozen=True):
    """What the device lacks: an ExternalBlobReference of a SyncdSnapshot, if it asked for one, then SyncdPatches.

    Without `error` the device's own patch is taken, and has the next version.
    """

    name: CollectionName
    snapshot: bytes | None = None
    patches: tuple[bytes, ...] = ()
    error: int | None = None


class SyncCollections(Request[tuple[CollectionAnswer, ...]], frozen=True):
    collections: tuple[CollectionAsk, ...]


# what the server tells


class Event(Struct, frozen=True, tag=True):
    """Something in a mailbox."""


class Delivery(Event, frozen=True):
    stanza: Stanza


class GroupDelivery(Event, frozen=True):
    stanza: GroupStanza


class GroupChanged(Event, frozen=True):
    """Somebody joined or left; those who left are told, too."""

    roster: Roster


class Receipted(Event, frozen=True):
    receipt: Receipt


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
    """An event as it lies in a mailbox; numbers rise and are never used again."""

    number: int
    event: AnyEvent
