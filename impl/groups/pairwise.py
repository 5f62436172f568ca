"""A group message that comes over a session alone: what is to be viewed once, and what some clients send again.

wire.md, section 8.7; `retry.go` of tulir/whatsmeow, `messages-send.ts` of Baileys. They put their sender key for the
group into it. Here that is required: nothing else in the ciphertext says that it is for this group, and the server
could show what was said to one member as said to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import conversation
from impl.groups.membership import check_member
from impl.groups.receiving import check_one_sender, keep_key
from impl.messages import MessageKey, StoredMessage
from impl.receiving import authenticated, check_new, commit, decoded, note_hint, opened_ciphertext
from impl.refusal import Refused
from impl.stanza import GroupStanza
from impl.wire.content import ChatBody

if TYPE_CHECKING:
    from impl.device import Device


def receive(device: Device, stanza: GroupStanza, now: int) -> StoredMessage:
    """Accepts the message and takes the key for what follows. Raises Refused."""
    sealed = stanza.distribution
    if sealed is None or stanza.body:
        raise Refused("content", "not a message over a session alone")
    check_new(device, stanza)
    check_one_sender(stanza, sealed)
    opened = opened_ciphertext(device, sealed)
    peer = authenticated(device, sealed, opened.identity)
    received = decoded(opened.plaintext)
    if received.distribution is None or not isinstance(received.body, ChatBody):
        raise Refused("content", "not a message of a chat together with the key of a group")
    check_member(device, stanza.group, stanza.sender.user)
    keep_key(device, stanza, peer, received.distribution)
    commit(device, stanza.sender, opened, peer)
    message = StoredMessage.of(MessageKey(stanza.id, stanza.sender, stanza.group), received.body, "received", now)
    device.note_delivery(stanza)
    conversation.heed(device, message, received.body)
    note_hint(device, message, received, now)
    return message
