"""Messages, receipts and retries. wire.md, section 8; media retries, section 12.4."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from impl.address import Address
from impl.dialogue.base import Done, Request
from impl.messages import MessageKey
from impl.stanza import RetryRequest, Stanza

ReceiptKind = Literal["delivered", "read", "read-self", "played", "played-self", "sender", "peer_msg", "hist_sync"]


class Receipt(Struct, frozen=True):
    """What `sender` says about message `id`, to one device; or to all of its account but itself, if `everywhere`.

    `chat` is where the message was said, as far as that does not follow from the two: a group, or whom an own
    message was for.
    """

    id: str
    sender: Address
    recipient: Address
    kind: ReceiptKind
    chat: str | None = None
    everywhere: bool = False


class Accepted(Struct, frozen=True):
    """Which devices the message lacks, and which it was made for in vain; the others have it in their mailbox.

    If there are any, `phash` is the hash of all devices that the server counts, the sender among them. A binary
    node carries nothing but that.
    """

    missing: tuple[Address, ...] = ()
    extra: tuple[Address, ...] = ()
    phash: str | None = None


class Submit(Request[Accepted], frozen=True):
    """The ciphertexts of one message. `chat` is None for peer messages, which are for whom they are for.

    So is a message that is sent `again`, to a device that asked for it. What is to be viewed once is made for the
    recipient's phone; the server tells the others that they lack it.
    """

    id: str
    chat: str | None
    stanzas: tuple[Stanza, ...]
    again: bool = False
    view_once: bool = False


class MediaRetry(Struct, frozen=True):
    """What a companion and its phone tell each other of a lost file, sealed under the media key of `message`."""

    sender: Address
    recipient: Address
    message: MessageKey
    payload: bytes
    iv: bytes


class SendMediaRetry(Request[Done], frozen=True):
    retry: MediaRetry


class SendReceipts(Request[Done], frozen=True):
    receipts: tuple[Receipt, ...]


class AskRetry(Request[Done], frozen=True):
    """Tells the sender of a message that it could not be opened."""

    request: RetryRequest


class Acknowledge(Request[Done], frozen=True):
    """The device has these entries of its mailbox for good: they can go."""

    entries: tuple[int, ...]
