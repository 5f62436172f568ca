"""What stays unreadable after every retry: a companion asks its phone, which has the message too. wire.md, 10.4.

The phone's answer goes into the conversation as the phone says, so it is taken for an open request alone, and for no
other message than the one asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import peer_messages
from impl.address import PHONE, Address, is_group
from impl.appstate import effects
from impl.fanout import check_linked
from impl.messages import MessageKey, StoredMessage
from impl.refusal import Refused, refused_as
from impl.stanza import GroupStanza, Stanza
from impl.wire.content import PlaceholderRequest, PlaceholderResponse
from impl.wire.history import PastMessage, decode_message, encode_message

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone

OPEN_LIMIT = 256


@dataclass(frozen=True)
class Placeholder:
    """The message that the phone was asked for."""

    key: MessageKey


def request(companion: Companion, stanza: Stanza | GroupStanza, now: int) -> None:
    """Asks the phone for the message of a stanza, once: into the outbox. Raises Refused.

    A copy of what another own device sent does not say outside in which chat, so nobody can ask for it.
    """
    own, sender = check_linked(companion), stanza.sender
    if isinstance(stanza, Stanza) and (sender.user == own.user or stanza.category == "peer"):
        return
    chat = stanza.group if isinstance(stanza, GroupStanza) else sender.user
    wanted = Placeholder(MessageKey(stanza.id, sender, chat))
    if wanted in companion.placeholders.values():
        return
    if len(companion.placeholders) >= OPEN_LIMIT:
        del companion.placeholders[next(iter(companion.placeholders))]
    participant = sender.user if is_group(chat) else None
    body = PlaceholderRequest(chat, sender.user == own.user, stanza.id, participant)
    companion.placeholders[peer_messages.put(companion, Address(own.user, PHONE), body, now)] = wanted


def answer(phone: Phone, stanza: Stanza, now: int) -> None:
    """An own companion gets the text it asks for, if the phone has it: into the outbox. Raises Refused."""
    wanted = peer_messages.take(phone, stanza, PlaceholderRequest)
    peer_messages.check_own_device(phone, stanza.sender)
    author = phone.address.user if wanted.from_me else wanted.participant or wanted.chat
    for message in list(phone.messages.values()):
        if (message.id, message.chat, message.author.user) == (wanted.id, wanted.chat, author):
            past = PastMessage(message.id, message.author, wanted.from_me, message.body, message.timestamp)
            body = PlaceholderResponse(stanza.id, encode_message(message.chat, past))
            peer_messages.put(phone, stanza.sender, body, now)
            return


def fill(companion: Companion, stanza: Stanza) -> None:
    """Takes the message that the phone was asked for; it counts as received. Raises Refused."""
    response = peer_messages.take(companion, stanza, PlaceholderResponse)
    peer_messages.check_own_phone(companion, stanza.sender)
    wanted = companion.placeholders.get(response.request_id)
    key = check_requested(wanted)
    with refused_as("content"):
        past = decode_message(key.chat, response.message)
    message = StoredMessage.of(MessageKey(past.id, past.author, key.chat), past.body, "history", past.timestamp)
    check_the_one(key, message)
    del companion.placeholders[response.request_id]
    companion.wanted.pop((key.id, key.author), None)
    if (key.id, key.author) not in companion.deliveries:
        companion.deliveries[key.id, key.author] = 1
        effects.keep(companion, message)


def check_requested(wanted: Placeholder | None) -> MessageKey:
    if wanted is None:
        raise Refused("requested", "nobody asked for this message")
    return wanted.key


def check_the_one(key: MessageKey, message: StoredMessage) -> None:
    if message.key != key:
        raise Refused("requested", "another message than the one asked for")
