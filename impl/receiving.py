"""Receiving: open on a copy, find out who sent it, read it, and only then change anything.

White paper, "Message encryption".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import consistency, conversation, sessions
from impl.address import Address, is_group
from impl.lists import is_listed
from impl.messages import MessageKey, StoredMessage
from impl.peers import Peer
from impl.refusal import Refused, refused_as
from impl.sessions import Opened, SessionError
from impl.stanza import GroupStanza, Stanza
from impl.vouching import check_identity, vouched_index
from impl.wire import content, padding
from impl.wire.content import ChatBody, DeviceSent, Message
from impl.wire.errors import DecodeError

if TYPE_CHECKING:
    from impl.device import Device


def receive(device: Device, stanza: Stanza, now: int) -> StoredMessage:
    """Accepts one message or one copy of an own device's message. Raises Refused.

    Whom the stanza is addressed to does not matter: the server says so, and only the right device opens it.
    """
    opened, peer, received = read(device, stanza)
    body = received.body
    said = body.message if isinstance(body, DeviceSent) else body
    if not isinstance(body, ChatBody | DeviceSent) or not isinstance(said, ChatBody):
        raise Refused("content", "not a message of a chat, nor the copy of one")
    check_own_copy(device, stanza.sender, body)
    message = _message(stanza, body.chat if isinstance(body, DeviceSent) else stanza.sender.user, said, now)
    commit(device, stanza.sender, opened, peer)
    device.note_delivery(stanza)
    conversation.heed(device, message, said)
    note_hint(device, message, received, now)
    return message


def note_hint(device: Device, message: StoredMessage, received: Message, now: int) -> None:
    """What an accepted message says of the device lists; in a direct chat, the other account is its recipient's."""
    sender, own = message.author.user, device.address
    recipient = message.chat if message.chat != sender or own is None else own.user
    consistency.note(device, sender, recipient, received.hint, now)


def read(device: Device, stanza: Stanza) -> tuple[Opened, Peer, Message]:
    """Opens a stanza and authenticates its sender; nothing changes yet. Raises Refused."""
    opened = opened_stanza(device, stanza)
    peer = authenticated(device, stanza, opened.identity)
    return opened, peer, decoded(opened.plaintext)


def decoded(padded: bytes) -> Message:
    """What a plaintext holds. Raises Refused."""
    with refused_as("padding"):
        plaintext = padding.unpad(padded)
    with refused_as("content"):
        return content.decode(plaintext)


def opened_stanza(device: Device, stanza: Stanza) -> Opened:
    """A ratchet opens a ciphertext once; a message that was sent again has several, and is known by its id."""
    check_new(device, stanza)
    return opened_ciphertext(device, stanza)


def opened_ciphertext(device: Device, stanza: Stanza) -> Opened:
    """Whatever the message that it belongs to. Raises Refused."""
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
        del device.one_time_prekeys[opened.used_one_time]


def check_new(device: Device, stanza: Stanza | GroupStanza) -> None:
    if (stanza.id, stanza.sender) in device.deliveries:
        raise Refused("fresh", f"{stanza.id} of {stanza.sender} is here already")


def check_author_listed(device: Device, author: Address, peer: Peer) -> None:
    if not is_listed(device, author, peer.key_index):
        raise Refused("author_listed", f"{author} is not in the list of its account")


def check_own_copy(device: Device, sender: Address, received: ChatBody | DeviceSent) -> None:
    own = device.address is not None and sender.user == device.address.user
    if own != isinstance(received, DeviceSent):
        raise Refused("own_copy", "own devices send copies, and nobody else does")


def _message(stanza: Stanza, chat: str, body: ChatBody, now: int) -> StoredMessage:
    if is_group(chat):
        raise Refused("content", "a copy of a group message comes under the sender key")
    return StoredMessage.of(MessageKey(stanza.id, stanza.sender, chat), body, "received", now)
