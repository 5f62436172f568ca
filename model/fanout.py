"""Client fan-out: a message is encrypted for every device of the recipient and every other device of the sender.

A sender first meets a device: it takes the prekey bundle that the server gives, checks both signatures behind
the identity in it, and begins a session. A ciphertext opens on one device, once. The server keeps it in a
mailbox until that device has it; the adversary, who owns the server, keeps it for ever and shows any ciphertext
to any device in any order.

Who seals as a device has its identity key, and could make its device signature: so where something was sealed, both
signatures are one check. In a bundle anybody's key may lie.

Source: white paper, "Message encryption" and "Client fan-out"; formats and checks in `impl/fanout.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User, active, acts
from model.devicelist import DeviceLists
from model.language import Formula, Module, Relation, Sort, action, either, implies, require, some, when
from model.linking import confirmed, genuine


class Message(Sort):
    """One message of one author, however many ciphertexts of it there are."""


class Fanout(Module):
    """Messages, their ciphertexts, mailboxes, and what each device has accepted."""

    author = Relation(Message, gives=Device, frozen=True)
    to = Relation(Message, gives=User, frozen=True)
    posed = Relation(Message, frozen=True)  # dressed up as an own-device copy by a rogue author
    timed = Relation(Message, frozen=True)  # it disappears once its time has run out
    once = Relation(Message, frozen=True)  # a medium to be viewed once: for the recipient's phone alone

    met = Relation(Device, Device)  # the first holds a session with the second, whose identity it has checked
    sent = Relation(Message)
    sealed = Relation(Message, Device)  # a ciphertext for this device exists
    mailbox = Relation(Message, Device)  # the server holds it for the device
    received = Relation(Device, Message)
    received_twice = Relation(Device, Message)
    opened_anothers = Relation(Device, Message)  # accepted from a ciphertext that was made for another device

    @action
    def meet(device: Device, other: Device) -> None:
        """The server gives {device} the prekey bundle of {other}, as a device of the account that it claims."""
        acts(device)
        when(active=active(device), another=device != other)
        require(
            listed=listed_for(device, other),
            account_signature=genuine(other),
            device_signature=confirmed(other),
        )
        Fanout.met[device, other] = True

    @action
    def send(message: Message) -> None:
        """The author of {message} encrypts it for each device of the recipient and each other device of its own."""
        author = Fanout.author(message)
        acts(author)
        when(
            unsent=~Fanout.sent(message),
            somebody_to_tell=implies(active(author), some(Device, lambda device: recipient(message, device))),
        )
        require(linked=active(author))
        Fanout.sent[message] = True
        Fanout.sealed[message, :] = lambda device: Fanout.sealed(message, device) | recipient(message, device)
        Fanout.mailbox[message, :] = lambda device: Fanout.mailbox(message, device) | recipient(message, device)

    @action
    def forge(message: Message, device: Device) -> None:
        """The adversary's own device encrypts {message} for {device}."""
        when(
            adversary=Accounts.rogue(Fanout.author(message)),
            honest=~Accounts.rogue(device) & active(device),
            unsealed=~Fanout.sealed(message, device),
        )
        Fanout.sent[message] = True
        Fanout.sealed[message, device] = True
        Fanout.mailbox[message, device] = True

    @action
    def receive(device: Device, message: Message, addressee: Device) -> None:
        """The server gives {device} the ciphertext of {message} that was made for {addressee}."""
        author = Fanout.author(message)
        acts(device)
        when(active=active(device), another=device != author)
        require(
            intact=Fanout.sealed(message, addressee),
            for_this_device=addressee == device,
            fresh=~Fanout.received(device, message),
            signatures=genuine(author) & confirmed(author),
            author_listed=listed_for(device, author),
            own_copy=implies(looks_like_own_copy(message, device), same_account(author, device)),
            view_once=may_hold(message, device),
        )
        Fanout.received_twice[device, message] = Fanout.received(device, message)
        Fanout.opened_anothers[device, message] = addressee != device
        Fanout.received[device, message] = True
        Fanout.mailbox[message, device] = False
        Fanout.met[device, author] = True


def same_account(one: Any, other: Any) -> Formula:
    return Accounts.account(one) == Accounts.account(other)


def listed_for(device: Any, other: Any) -> Formula:
    """The list that `device` goes by names `other`."""
    return DeviceLists.names(DeviceLists.view(device, Accounts.account(other)), Accounts.index(other))


def on_either_side(message: Any, device: Any) -> Formula:
    """`device` belongs to the account that the message is for, or to that of its author."""
    return (Accounts.account(device) == Fanout.to(message)) | same_account(device, Fanout.author(message))


def recipient(message: Any, device: Any) -> Formula:
    """`device` gets a ciphertext: it is listed on either side, the author has met it, and it is not the author."""
    author = Fanout.author(message)
    wanted = on_either_side(message, device) & listed_for(author, device) & reader(message, device)
    return (device != author) & wanted & Fanout.met(author, device)


def reader(message: Any, device: Any) -> Formula:
    """A medium to be viewed once goes to the recipient's phone, everything else to every device."""
    return implies(Fanout.once(message), Accounts.phone(device) & (Accounts.account(device) == Fanout.to(message)))


def may_hold(message: Any, device: Any) -> Formula:
    """No companion keeps a medium that is to be viewed once."""
    return implies(Fanout.once(message), Accounts.phone(device))


def looks_like_own_copy(message: Any, device: Any) -> Formula:
    """The plaintext that `device` finds says "sent by yourself, from another of your devices"."""
    author = Fanout.author(message)
    return either(Accounts.rogue(author), Fanout.posed(message), same_account(author, device))
