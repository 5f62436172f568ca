"""History for a new companion: the phone's conversation, encrypted, its key in a peer message.

White paper, "Message history synchronisation".
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import outbox
from impl.address import PHONE, Address
from impl.appstate import effects
from impl.attestation import device_agrees
from impl.crypto import media
from impl.crypto.media import MediaError
from impl.fanout import initiated, sealed_content
from impl.messages import StoredMessage
from impl.peers import Peer
from impl.receiving import commit, read
from impl.refusal import Refused, refused_as
from impl.sessions import Opened, PrekeyBundle
from impl.stanza import Stanza
from impl.vouching import check_identity
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.content import HistoryNotice, encode
from impl.wire.errors import DecodeError
from impl.wire.history import Conversation, History, PastMessage

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone

MEDIA_KEY_SIZE = 32


@dataclass(frozen=True)
class HistoryShare:
    """What a phone hands to the server: the encrypted blob for `path`, and the peer message that opens it."""

    path: str
    blob: bytes
    stanza: Stanza


def share(
    phone: Phone, address: Address, device_identity: bytes | None, bundle: PrekeyBundle, now: int
) -> HistoryShare:
    """Everything the phone has, for the companion that answered with `device_identity`. Raises Refused.

    `device_identity` is the companion's part of linking (ADVSignedDeviceIdentity without the account key).
    """
    index = claimed_index(phone, device_identity, bundle)
    check_listed(phone, address, index)
    check_scanned(phone, index, bundle)
    check_device_signature(phone, index, device_identity)
    record = initiated(phone, address, bundle, now)
    check_identity(phone, address, bundle.identity)
    media_key = phone.entropy(MEDIA_KEY_SIZE)
    file = media.seal(_history(phone).encode(), media_key, media.HISTORY)
    path = "/" + base64.urlsafe_b64encode(file.enc_sha256).decode()
    notice = HistoryNotice(file.sha256, file.length, media_key, file.enc_sha256, path)
    message_id = "3EB0" + phone.entropy(9).hex().upper()
    phone.records.setdefault(address, record)
    phone.peers[address] = Peer(bundle.identity, index)
    body = encode(notice)
    stanza = sealed_content(phone, address, body, message_id, "peer", now)
    phone.newcomers.pop(address, None)
    phone.uploads[path] = file.file
    outbox.put(phone, message_id, None, body, b"", [stanza])
    return HistoryShare(path, file.file, stanza)


def path(companion: Companion, stanza: Stanza) -> str:
    """Where the blob of a history notification lies. Changes nothing. Raises Refused."""
    return _read_notice(companion, stanza)[2].path


def merge(companion: Companion, stanza: Stanza, blob: bytes) -> int:
    """Adds the messages that the companion lacks, and says how many those were. Raises Refused."""
    opened, peer, notice = _read_notice(companion, stanza)
    history = opened_blob(notice, blob)
    told = {message.key: message for message in _stored(history)}
    new = {key: message for key, message in told.items() if key not in companion.messages}
    commit(companion, stanza.sender, opened, peer)
    companion.note_delivery(stanza)
    companion.imported[stanza.id] = notice.path
    for message in new.values():
        effects.keep(companion, message)
    return len(new)


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


def check_from_own_account(companion: Companion, sender: Address) -> None:
    if companion.address is None or sender.user != companion.address.user:
        raise Refused("from_own_account", f"{sender} is of another account")


def check_from_the_phone(sender: Address) -> None:
    if sender.device != PHONE:
        raise Refused("from_the_phone", f"{sender} is a companion")


def opened_blob(notice: HistoryNotice, blob: bytes) -> History:
    with refused_as("blob_intact", (MediaError, DecodeError)):
        history = History.decode(
            media.open_(blob, notice.media_key, media.HISTORY, notice.sha256, notice.enc_sha256, notice.length)
        )
    if (history.type, history.chunk) != (notice.type, notice.chunk):
        raise Refused("blob_intact", "another part of the history than announced")
    return history


def _read_notice(companion: Companion, stanza: Stanza) -> tuple[Opened, Peer, HistoryNotice]:
    opened, peer, message = read(companion, stanza)
    received = message.body
    if not isinstance(received, HistoryNotice):
        raise Refused("content", "not a history notification")
    check_from_own_account(companion, stanza.sender)
    check_from_the_phone(stanza.sender)
    return opened, peer, received


def _history(phone: Phone) -> History:
    chats: defaultdict[str, list[PastMessage]] = defaultdict(list)
    for message in phone.messages.values():
        from_me = message.author.user == phone.address.user
        chats[message.chat].append(PastMessage(message.id, message.author, from_me, message.text, message.timestamp))
    return History(tuple(Conversation(chat, tuple(messages)) for chat, messages in chats.items()))


def _stored(history: History) -> Iterator[StoredMessage]:
    for chat in history.conversations:
        for past in chat.messages:
            yield StoredMessage(past.id, past.author, chat.chat, past.text, "history", past.timestamp)
