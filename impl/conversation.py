"""What a content does to its chat beside joining it: sets the timer, takes a message back. wire.md, 8.8 and 13."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl import ephemeral, viewonce
from impl.appstate import effects
from impl.messages import StoredMessage, forget
from impl.wire.content import ChatBody, Media, Revoke, Text, TimerSetting

if TYPE_CHECKING:
    from impl.device import Device


def heed(device: Device, message: StoredMessage, body: ChatBody) -> None:
    """Keeps `message` and does what `body` says, whether this device sent or received it. Raises Refused."""
    match body:
        case TimerSetting():
            ephemeral.set_timer(device, message.chat, body, message.timestamp)
        case Revoke():
            take_back(device, message, body)
        case Text() | Media() if body.timer is not None:
            ephemeral.learn(device, message.chat, body.timer, message.timestamp)
    if viewonce.is_view_once(body):
        if message.source == "own":
            message = replace(message, media=None)
        else:
            viewonce.check_may_hold(device)
    effects.keep(device, message)


def take_back(device: Device, message: StoredMessage, body: Revoke) -> None:
    """The user who wrote a message deletes it for everyone, from any device; of others' messages nothing goes."""
    named = [each for each in device.messages if each.id == body.id and each.chat == message.chat]
    for key in named:
        if may_take_back(message, key.author.user):
            forget(device, key)


def may_take_back(message: StoredMessage, author: str) -> bool:
    return message.author.user == author
