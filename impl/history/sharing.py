"""The phone hands its history over, part after part: each encrypted for itself, its key in a peer message.

White paper, "Message history synchronisation"; wire.md, section 10. The next part is made once the companion has
confirmed the last, so that the server never keeps more than one, and nothing goes out after an unlinking. A small one
is in the peer message itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import outbox, peer_messages
from impl.address import PHONE, Address
from impl.attestation import device_agrees
from impl.crypto import media
from impl.fanout import initiated, sealed_content
from impl.history.contents import conversations
from impl.history.parts import Place, part_at
from impl.lists import is_listed
from impl.peers import Peer
from impl.refusal import Refused, refused_as
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from impl.vouching import check_identity
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.content import ChunkRetry, HistoryFile, HistoryNotice, HistoryType, encode
from impl.wire.history import History
from impl.wire.media_path import path_of

if TYPE_CHECKING:
    from impl.phone import Phone


INLINE = 64 << 10
"""Parts of up to so many bytes, compressed, go without a file: with it a message stays far below its limit."""

INLINE_TYPES = {HistoryType.INITIAL_BOOTSTRAP, HistoryType.PUSH_NAME}
"""Parts that WhatsApp Web takes that way (`maybeGetInlinePayload`); other clients take any."""


@dataclass(frozen=True)
class Sharing:
    """How far a companion, linked at `since` (seconds), got: the part in `message_id` begins at `place`."""

    since: int
    message_id: str
    place: Place
    next: Place | None


@dataclass(frozen=True)
class Left:
    """A part that a companion has not confirmed, and where the server has its blob; None if it is inline."""

    address: Address
    path: str | None


def share(phone: Phone, address: Address, device_identity: bytes | None, bundle: PrekeyBundle, now: int) -> Stanza:
    """The first part, for the companion that answered with `device_identity`: into the outbox. Raises Refused.

    `device_identity` is the companion's part of linking (ADVSignedDeviceIdentity without the account key).
    """
    index = claimed_index(phone, device_identity, bundle)
    check_listed(phone, address, index)
    check_scanned(phone, index, bundle)
    check_device_signature(phone, index, device_identity)
    record = initiated(phone, address, bundle, now)
    check_identity(phone, address, bundle.identity)
    phone.records.setdefault(address, record)
    phone.peers[address] = Peer(bundle.identity, index)
    phone.newcomers.pop(address, None)
    return _share_part(phone, address, Place(), now, now)


def confirmed(phone: Phone, message_id: str, address: Address, now: int) -> None:
    """A companion has imported what came in this message: the next part goes into the outbox."""
    phone.history_left.pop(message_id, None)
    sharing = phone.sharings.get(address)
    if sharing is None or sharing.message_id != message_id:
        return
    if sharing.next is None or not is_live(phone, address):
        del phone.sharings[address]
    else:
        _share_part(phone, address, sharing.next, sharing.since, now)


def share_again(phone: Phone, stanza: Stanza, now: int) -> None:
    """A companion could not open the part that it was sent last: into the outbox, made anew. Raises Refused."""
    retry = peer_messages.take(phone, stanza, ChunkRetry)
    peer_messages.check_own_device(phone, stanza.sender)
    phone.history_left.pop(retry.notification, None)
    sharing = phone.sharings.get(stanza.sender)
    if sharing is not None and sharing.message_id == retry.notification:
        _share_part(phone, stanza.sender, sharing.place, sharing.since, now)


def stop(phone: Phone) -> tuple[str, ...]:
    """Nothing more goes to companions that were unlinked; answers with the paths of what the server may keep."""
    for address in [each for each in phone.sharings if not is_live(phone, each)]:
        del phone.sharings[address]
    gone = {message_id: left for message_id, left in phone.history_left.items() if not is_live(phone, left.address)}
    for message_id in gone:
        phone.outbox.pop(message_id, None)
        phone.sent.pop(message_id, None)
        phone.uploads.pop(gone[message_id].path or "", None)
        if gone[message_id].path is None:
            del phone.history_left[message_id]
    return tuple(left.path for left in gone.values() if left.path is not None)


def forget(phone: Phone, path: str) -> None:
    """The server has deleted it."""
    for message_id in [message_id for message_id, left in phone.history_left.items() if left.path == path]:
        del phone.history_left[message_id]


def put(phone: Phone, address: Address, history: History, oldest: int | None, request: str | None, now: int) -> Stanza:
    """A notice, and its blob unless that is inline, into the outbox. Raises Refused."""
    compressed = history.encode()
    inline = history.type in INLINE_TYPES and len(compressed) <= phone.inline_limit
    part = compressed if inline else _filed(phone, compressed)
    notice = HistoryNotice(part, history.type, history.chunk, history.progress, request, oldest)
    message_id, body = outbox.new_message_id(phone), encode(notice)
    stanza = sealed_content(phone, address, body, message_id, "peer", now)
    outbox.put(phone, message_id, None, body, b"", [stanza])
    phone.history_left[message_id] = Left(address, part.path if isinstance(part, HistoryFile) else None)
    return stanza


def _filed(phone: Phone, compressed: bytes) -> HistoryFile:
    """A blob to be uploaded."""
    media_key = phone.entropy(media.KEY_SIZE)
    sealed = media.seal(compressed, media_key, media.HISTORY)
    path = path_of(sealed.enc_sha256)
    phone.uploads[path] = sealed.file
    return HistoryFile(sealed.sha256, sealed.length, media_key, sealed.enc_sha256, path)


def is_live(phone: Phone, address: Address) -> bool:
    """Whether a companion is linked and was met."""
    peer = phone.peers.get(address)
    return peer is not None and address.device != PHONE and is_listed(phone, address, peer.key_index)


def claimed_index(phone: Phone, device_identity: bytes | None, bundle: PrekeyBundle) -> int:
    """Which companion says that it answers; one that sends nothing is told by the identity that was scanned."""
    if device_identity is None:
        scanned = {vouched.identity: index for index, vouched in phone.vouched.items()}
        return scanned.get(bundle.identity, PHONE)
    with refused_as("well_formed"):
        return SignedDeviceIdentity.decode(device_identity).identity.key_index


def check_listed(phone: Phone, address: Address, index: int) -> None:
    own_companion = address.user == phone.address.user and address.device != PHONE
    if not own_companion or index not in phone.live:
        raise Refused("listed", f"{address} with key index {index} is not a linked companion of this account")


def check_scanned(phone: Phone, index: int, bundle: PrekeyBundle) -> None:
    if bundle.identity != phone.vouched[index].identity:
        raise Refused("account_signature", "the bundle is of another device than the one that was vouched for")


def check_device_signature(phone: Phone, index: int, device_identity: bytes | None) -> None:
    """The device that was scanned for this index has signed that it joins."""
    vouched = phone.vouched[index]
    if device_identity is None:
        raise Refused("device_signature", "the companion has not answered")
    signed = SignedDeviceIdentity.decode(device_identity)
    agrees = device_agrees(signed, vouched.identity, phone.identity.public)
    if signed.details != vouched.details or not agrees:
        raise Refused("device_signature", "the scanned device has not signed that it joins this account")


def _share_part(phone: Phone, address: Address, place: Place, since: int, now: int) -> Stanza:
    part = part_at(phone, place, since)
    told = conversations(phone, part.messages, now)
    oldest = min((message.timestamp for message in part.messages), default=None)
    stanza = put(phone, address, History(told, part.type, part.chunk, part.progress, part.names), oldest, None, now)
    phone.sharings[address] = Sharing(since, stanza.id, place, part.next)
    return stanza
