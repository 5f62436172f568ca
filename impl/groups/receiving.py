"""Receiving from a group: first the sender's key, over its session, then the message under that key.

Order of checks as in wire.md, section 9.3. A key proves nothing beyond the session that it came through: it is
kept for that device, under its identity, in that group (CVE-2022-39246 to -39251 were about less).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import conversation
from impl.groups.membership import check_member
from impl.groups.record import SenderKeyRecord
from impl.groups.senderkey import learn, open_
from impl.messages import MessageKey, StoredMessage
from impl.peers import Peer
from impl.receiving import authenticated, check_author_listed, check_new, commit, decoded, note_hint, opened_ciphertext
from impl.refusal import Refused, refused_as
from impl.sessions import SessionError
from impl.stanza import GroupStanza, Stanza
from impl.wire.content import ChatBody, KeyDistribution
from impl.wire.errors import DecodeError
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class HeldKey:
    """Sender keys of one device in one group, and the identity key (32 bytes) that it had when it gave them."""

    identity: bytes
    record: SenderKeyRecord


def receive_key(device: Device, stanza: GroupStanza) -> None:
    """Takes the sender key that comes with a group message; "fresh" if it was here before. Raises Refused."""
    distribution = stanza.distribution
    if distribution is None:
        raise Refused("content", "no sender key comes with this message")
    check_one_sender(stanza, distribution)
    opened = opened_ciphertext(device, distribution)
    peer = authenticated(device, distribution, opened.identity)
    message = decoded(opened.plaintext)
    if message.distribution is None or message.body is not None:
        raise Refused("content", "not a sender key alone")
    check_member(device, stanza.group, stanza.sender.user)
    keep_key(device, stanza, peer, message.distribution)
    commit(device, stanza.sender, opened, peer)


def keep_key(device: Device, stanza: GroupStanza, peer: Peer, distribution: KeyDistribution) -> None:
    """The key is for messages of this device, under this identity, in this group. Raises Refused."""
    check_key_of_group(stanza, distribution)
    with refused_as("content"):
        key = SenderKeyDistribution.decode(distribution.distribution)
    held = device.sender_keys.get((stanza.group, stanza.sender))
    record = held.record if held is not None and held.identity == peer.identity else None
    device.sender_keys[stanza.group, stanza.sender] = HeldKey(peer.identity, learn(record, key))


def receive(device: Device, stanza: GroupStanza, now: int) -> StoredMessage:
    """Accepts one group message. Raises Refused, "no_sender_key" if its key never came."""
    check_new(device, stanza)
    check_member(device, stanza.group, stanza.sender.user)
    peer, held = held_key(device, stanza)
    check_author_listed(device, stanza.sender, peer)
    check_newest_key(held.record, stanza.body)
    record, plaintext = opened_message(held.record, stanza.body)
    received = decoded(plaintext)
    if not isinstance(received.body, ChatBody):
        raise Refused("content", "not a message of a chat")
    message = StoredMessage.of(MessageKey(stanza.id, stanza.sender, stanza.group), received.body, "received", now)
    device.sender_keys[stanza.group, stanza.sender] = HeldKey(held.identity, record)
    device.note_delivery(stanza)
    conversation.heed(device, message, received.body)
    note_hint(device, message, received, now)
    return message


def held_key(device: Device, stanza: GroupStanza) -> tuple[Peer, HeldKey]:
    """The sender as it is known, and its keys in this group; those of a former identity count for nothing."""
    peer, held = device.peers.get(stanza.sender), device.sender_keys.get((stanza.group, stanza.sender))
    if peer is None or held is None or held.identity != peer.identity:
        raise Refused("no_sender_key", f"{stanza.sender} handed out no key in {stanza.group}")
    return peer, held


def opened_message(record: SenderKeyRecord, frame: bytes) -> tuple[SenderKeyRecord, bytes]:
    """The record afterwards, and the plaintext with its padding. Raises Refused."""
    try:
        return open_(record, frame)
    except SessionError as error:
        raise Refused(_CHECKS.get(error.reason, "intact"), f"the group message: {error}") from error
    except DecodeError as error:
        raise Refused("intact", str(error)) from error


_CHECKS = {"no_sender_key": "no_sender_key", "bad_signature": "signature", "duplicate": "fresh"}


def check_one_sender(stanza: GroupStanza, distribution: Stanza) -> None:
    """The server names the sender twice; the key is for messages of the device that it comes from."""
    if distribution.sender != stanza.sender:
        raise Refused("one_sender", f"a key from {distribution.sender} for messages of {stanza.sender}")


def check_key_of_group(stanza: GroupStanza, distribution: KeyDistribution) -> None:
    if distribution.group != stanza.group:
        raise Refused("key_of_group", f"a key for {distribution.group} in {stanza.group}")


def check_newest_key(record: SenderKeyRecord, frame: bytes) -> None:
    """A sender who hands out a new key has retired the former, which somebody outside may hold.

    Keys name no order: the last that came counts as the newest, as in libsignal. So a former one that the server has
    held back until after the newer is taken for it (KL-13 of the model).
    Former keys stay in the record for nothing else than not to be taken for new.
    """
    with refused_as("intact"):
        key_id = SenderKeyMessage.decode(frame).id
    if record.find(key_id) is not None and record.states[0].id != key_id:
        raise Refused("newest_key", "sealed under a key that its sender has replaced")
