"""Receiving: open on a copy, find out who sent it, read it, and only then change anything.

White paper, "Message encryption".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import sessions
from impl.address import Address, is_group
from impl.lists import is_listed
from impl.refusal import Refused, refused_as
from impl.sessions import Opened, SessionError
from impl.store import Peer, Stanza, StoredMessage
from impl.vouching import check_identity, vouched_index
from impl.wire import content, padding
from impl.wire.content import Body, DeviceSent, Text
from impl.wire.errors import DecodeError

if TYPE_CHECKING:
    from impl.device import Device


def receive(device: Device, stanza: Stanza, now: int) -> StoredMessage:
    """Accepts one message or one copy of an own device's message. Raises Refused.

    Whom the stanza is addressed to does not matter: the server says so, and only the right device opens it.
    """
    opened, peer, received = read(device, stanza)
    if not isinstance(received, Text | DeviceSent):
        raise Refused("content", "not a text, nor the copy of one")
    check_own_copy(device, stanza.sender, received)
    message = _message(stanza, received, now)
    commit(device, stanza.sender, opened, peer)
    device.deliveries[message.id, message.author] += 1
    _keep(device.conversation, message)
    return message


def read(device: Device, stanza: Stanza) -> tuple[Opened, Peer, Body | None]:
    """Opens a stanza and authenticates its sender, on copies. Raises Refused."""
    opened = opened_stanza(device, stanza)
    peer = authenticated(device, stanza, opened.identity)
    with refused_as("padding"):
        plaintext = padding.unpad(opened.plaintext)
    with refused_as("content"):
        return opened, peer, content.decode(plaintext).body


def opened_stanza(device: Device, stanza: Stanza) -> Opened:
    record = device.records.get(stanza.sender)
    try:
        return sessions.open_(device.local, record, stanza.enc_type, stanza.body, device.entropy)
    except SessionError as error:
        raise Refused("fresh" if error.reason == "duplicate" else "intact", str(error)) from error
    except DecodeError as error:
        raise Refused("intact", str(error)) from error


def authenticated(device: Device, stanza: Stanza, identity: bytes) -> Peer:
    """The sender as its account vouches for it; whom we know needs no new proof. Raises Refused."""
    peer = device.peers.get(stanza.sender)
    if peer is None or peer.identity != identity:
        peer = Peer(identity, vouched_index(device, stanza.sender, identity, stanza.device_identity))
    check_author_listed(device, stanza.sender, peer)
    check_identity(device, stanza.sender, identity)
    return peer


def commit(device: Device, sender: Address, opened: Opened, peer: Peer) -> None:
    """What an accepted ciphertext leaves behind; the one-time prekey that opened it is gone."""
    device.records[sender] = opened.record
    device.peers[sender] = peer
    if opened.used_one_time is not None:
        device.prekeys = device.prekeys.without(opened.used_one_time)


def check_author_listed(device: Device, author: Address, peer: Peer) -> None:
    if not is_listed(device, author, peer.key_index):
        raise Refused("author_listed", f"{author} is not in the list of its account")


def check_own_copy(device: Device, sender: Address, received: Text | DeviceSent) -> None:
    own = device.address is not None and sender.user == device.address.user
    if own != isinstance(received, DeviceSent):
        raise Refused("own_copy", "own devices send copies, and nobody else does")


def _message(stanza: Stanza, received: Text | DeviceSent, now: int) -> StoredMessage:
    match received:
        case DeviceSent(chat, Text(text)) if not is_group(chat):
            return StoredMessage(stanza.id, stanza.sender, chat, text, "received", now)
        case Text(text):
            return StoredMessage(stanza.id, stanza.sender, stanza.sender.user, text, "received", now)
        case _:
            raise Refused("content", "not a text of a direct chat")


def _keep(conversation: list[StoredMessage], message: StoredMessage) -> None:
    """What came end to end replaces the phone's word about it; otherwise each delivery is kept."""
    for i, known in enumerate(conversation):
        if known.source == "history" and known.key == message.key:
            conversation[i] = message
            return
    conversation.append(message)
