"""Messages that end: a timer runs out, or a medium was viewed.

A message that disappears brings its timer along, and each device starts it when it sends, receives or imports the
message, by its own clock. Clocks may be wrong by any amount, and the server may keep a ciphertext back for as long as
it likes: so what a device promises is about itself. Once a message has disappeared there it stays away, whoever brings
it again, and the phone tells no new companion of it. What another device shows at that time is its own clock's affair.

A medium to be viewed once is sealed for the recipient's phone alone, and opens there a single time.

Source: white paper, "Disappearing messages" and "View once"; formats and checks in `impl/ephemeral.py`,
`impl/viewonce.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Device, acts
from model.fanout import Fanout, Message
from model.language import Formula, Module, Relation, action, along, require, some, when


class Ephemeral(Module):
    """What is still on which device, and what was viewed."""

    there = Relation(Device, Message)  # a message that disappears, while it is on the device
    gone = Relation(Device, Message)  # its time has run out on the device
    viewed = Relation(Device, Message)
    viewed_twice = Relation(Device, Message)

    @along(Fanout.send)
    def starts_when_sent(message: Message) -> None:
        author = Fanout.author(message)
        Ephemeral.there[author, message] = Ephemeral.there(author, message) | stays(author, message)

    @along(Fanout.receive)
    def starts_when_received(device: Device, message: Message) -> None:
        Ephemeral.there[device, message] = Ephemeral.there(device, message) | stays(device, message)

    @action
    def expire(device: Device) -> None:
        """The clock of {device} says that the time of all that disappears has run out."""
        acts(device)
        when(something=some(Message, lambda message: Ephemeral.there(device, message)))
        Ephemeral.gone[device, :] = lambda message: Ephemeral.gone(device, message) | Ephemeral.there(device, message)
        Ephemeral.there[device, :] = lambda message: False

    @action
    def view(device: Device, message: Message) -> None:
        """The user of {device} views the medium in {message}."""
        acts(device)
        when(to_be_viewed=Fanout.once(message) & Fanout.received(device, message))
        require(unopened=~Ephemeral.viewed(device, message))
        Ephemeral.viewed_twice[device, message] = Ephemeral.viewed(device, message)
        Ephemeral.viewed[device, message] = True


def stays(device: Any, message: Any) -> Formula:
    """The device keeps the message, until its time has run out; never again after that."""
    return Fanout.timed(message) & ~Ephemeral.gone(device, message)
