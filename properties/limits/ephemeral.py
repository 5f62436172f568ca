"""Limits of messages that end."""

from __future__ import annotations

from model.accounts import Device
from model.ephemeral import Ephemeral
from model.fanout import Fanout, Message
from model.language import Formula, implies
from properties.property import always


@always(
    "KL-11",
    "A message that has disappeared on its author's device is on no other device.",
    source="disappearing messages by design: each device starts the timer when it gets the message, by its own clock",
    against="N",
)
def gone_here_gone_everywhere(device: Device, message: Message) -> Formula:
    return implies(Ephemeral.gone(Fanout.author(message), message), ~Ephemeral.there(device, message))
