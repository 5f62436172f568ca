"""What history tells of messages: nothing that has expired, no view-once medium; and what a device makes of it.

wire.md, sections 10.3 and 13.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from impl import ephemeral, names, viewonce
from impl.appstate import effects
from impl.messages import MessageKey, StoredMessage
from impl.wire.history import Conversation, History, PastMessage

if TYPE_CHECKING:
    from impl.device import Device
    from impl.phone import Phone


def conversations(phone: Phone, messages: Iterable[StoredMessage], now: int) -> tuple[Conversation, ...]:
    """Messages that come newest first, as the phone tells them: by chat, oldest first, with the chat's timer."""
    chats: defaultdict[str, list[PastMessage]] = defaultdict(list)
    for each in messages:
        if not ephemeral.is_expired(each, now):
            chats[each.chat].append(past_of(phone, each))
    return tuple(Conversation(chat, tuple(reversed(told)), phone.timers.get(chat)) for chat, told in chats.items())


def past_of(phone: Phone, message: StoredMessage) -> PastMessage:
    from_me = message.author.user == phone.address.user
    body = replace(message, media=viewonce.shareable(message.media)).body
    return PastMessage(message.id, message.author, from_me, body, message.timestamp)


def stored(chat: str, past: PastMessage, now: int) -> StoredMessage:
    """What to keep of a message of which the phone tells; who claims the future prolongs no timer."""
    key = MessageKey(past.id, past.author, chat)
    message = StoredMessage.of(key, past.body, "history", min(past.timestamp, now))
    return replace(message, media=viewonce.shareable(message.media))


def adopt(device: Device, history: History, now: int) -> int:
    """Adds the names and messages that the device lacks, unless expired, and says how many messages those were.

    What has expired here stays away, though the phone, whose clock is another one, has it still.
    """
    names.told(device, history.names)
    for chat in history.conversations:
        if chat.timer is not None:
            ephemeral.learn(device, chat.chat, chat.timer, now)
    told = (stored(chat.chat, past, now) for chat in history.conversations for past in chat.messages)
    lacking = {each.key: each for each in told if each.key not in device.messages and each.key not in device.expired}
    new = [each for each in lacking.values() if not ephemeral.is_expired(each, now)]
    for message in new:
        effects.keep(device, message)
    return len(new)
