"""Compromise: the adversary copies what a device stores, and goes on copying.

What it knows is part of the state. It gets texts from the conversation of a compromised device, and opens with
the copied keys every ciphertext for which the key is still there; a key is gone once its message has been
opened. With the key of a history that is under way it reads the blob, which it has from the server. A compromised
companion may also be spoken for (`History.counterfeit`), a linking secret used.

Source: threat model in the white paper, "Multi-device"; Cremers, Fairoze, Kiesl, Naska, "Clone Detection in
Secure Messaging" (2020).
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User, active
from model.fanout import Fanout, Message, recipient
from model.history import History, has
from model.language import Formula, Module, Relation, action, along, some, when
from model.linking import Linking


class Compromise(Module):
    """What the adversary has learned, and through which device."""

    knows_secret = Relation(Device)  # the linking secret of this device
    unsealed = Relation(Device, Message, Device)  # with keys of the first it opens the ciphertext for the second
    knows = Relation(Device, Message)  # the text, through this device
    knows_key = Relation(Device, Device)  # of the history blob that the first made for the second

    @action
    def compromise(device: Device) -> None:
        """From here on the adversary copies everything that {device} stores."""
        when(
            honest=~Accounts.rogue(device),
            in_use=active(device) | Linking.shows_qr(device),
            first_time=~Accounts.compromised(device),
        )
        Accounts.compromised[device] = True
        Compromise.knows_secret[device] = Compromise.knows_secret(device) | Linking.shows_qr(device)
        Compromise.unsealed[device, :, device] = lambda message: key_is_there(message, device)
        Compromise.knows[device, :] = lambda message: copied(device, message)
        Compromise.knows_key[:, device] = lambda sender: History.key(sender, device)

    @action
    def use_secret(companion: Device, user: User) -> None:
        """With the linking secret of {companion} the adversary makes the HMAC of an approval in the name of {user}."""
        when(known=Compromise.knows_secret(companion), shown=Linking.shows_qr(companion))
        Linking.shares_secret[user, companion] = True

    @along(Linking.show_qr)
    def secret_copied(companion: Device) -> None:
        Compromise.knows_secret[companion] = Accounts.compromised(companion)

    @along(Linking.scan)
    def secret_read(phone: Device, companion: Device) -> None:
        seen = Compromise.knows_secret(companion) | Accounts.rogue(phone)
        Compromise.knows_secret[companion] = seen

    @along(Fanout.send)
    def copied_when_sent(message: Message) -> None:
        author = Fanout.author(message)

        def read_by(device: Any) -> Formula:
            reader = adversarial(device) & recipient(message, device)
            return Compromise.knows(device, message) | reader | ((device == author) & Accounts.compromised(author))

        Compromise.knows[:, message] = read_by
        Compromise.unsealed[:, message, :] = lambda device, addressee: (
            Compromise.unsealed(device, message, addressee)
            | ((device == addressee) & Accounts.compromised(device) & recipient(message, device))
        )

    @along(Fanout.forge)
    def copied_when_forged(message: Message, device: Device) -> None:
        Compromise.knows[device, message] = Accounts.compromised(device)
        Compromise.unsealed[device, message, device] = Accounts.compromised(device)

    @along(History.share)
    def key_copied(phone: Device, companion: Device) -> None:
        Compromise.knows_key[phone, companion] = adversarial(companion)
        Compromise.knows[companion, :] = lambda message: (
            Compromise.knows(companion, message) | (Accounts.compromised(companion) & has(phone, message))
        )

    @along(History.counterfeit)
    def counterfeit_read(sender: Device, companion: Device) -> None:
        Compromise.knows_key[sender, companion] = Accounts.compromised(companion)


def adversarial(device: Any) -> Formula:
    """The adversary reads what this device stores: its own, or compromised."""
    return Accounts.rogue(device) | Accounts.compromised(device)


def copied(device: Any, message: Any) -> Formula:
    """Whoever begins to copy the device now has the text of the message."""
    return has(device, message) | key_is_there(message, device) | in_a_history_under_way(device, message)


def in_a_history_under_way(device: Any, message: Any) -> Formula:
    """The device can still open a history, and the message is in it."""

    def under_way(sender: Any) -> Formula:
        return History.shared(sender, device) & History.key(sender, device)

    return History.bundled(device, message) & some(Device, under_way)


def key_is_there(message: Any, device: Any) -> Formula:
    """The device can still open its ciphertext of the message."""
    return Fanout.sealed(message, device) & ~Fanout.received(device, message)
