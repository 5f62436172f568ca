"""Receipts: devices tell authors what has arrived, and the server tells whoever comes back that nothing more waits.

A receipt names the device that gives it. Neither receipts nor what the server says of a mailbox is sealed or signed:
it passes receipts on when it likes, and can make them up. An author keeps a message for devices that have not confirmed
it.

Source: wire.md, section 8.6; formats in `impl/stanzas/receipts.py`, what comes of them in `impl/outbox.py`.
"""

from __future__ import annotations

from model.accounts import Device, active, acts
from model.fanout import Fanout, Message
from model.language import Module, Relation, Sort, action, when


class Receipt(Sort):
    """What one device says of one message: it is here."""


class Notice(Sort):
    """What the server tells a device that connects: nothing more waits for it."""


class Receipts(Module):
    """What devices and the server have said, and what authors have heard."""

    about = Relation(Receipt, gives=Message, frozen=True)
    by = Relation(Receipt, gives=Device, frozen=True)
    to = Relation(Notice, gives=Device, frozen=True)

    given = Relation(Receipt)
    told = Relation(Message, Device)  # the author has been told that this device has the message
    noticed = Relation(Notice)

    @action
    def give(receipt: Receipt) -> None:
        """The device of {receipt} tells the author that the message is here."""
        message, device = Receipts.about(receipt), Receipts.by(receipt)
        acts(device)
        when(active=active(device), here=Fanout.received(device, message), new=~Receipts.given(receipt))
        Receipts.given[receipt] = True

    @action
    def hand_over(receipt: Receipt) -> None:
        """The server hands {receipt} to the author of the message; it may have made it up."""
        message, device = Receipts.about(receipt), Receipts.by(receipt)
        acts(Fanout.author(message))
        when(sealed=Fanout.sealed(message, device), new=~Receipts.told(message, device))
        Receipts.told[message, device] = True

    @action
    def notify(notice: Notice) -> None:
        """The server tells a device by {notice} that nothing more waits for it."""
        when(active=active(Receipts.to(notice)), new=~Receipts.noticed(notice))
        Receipts.noticed[notice] = True
