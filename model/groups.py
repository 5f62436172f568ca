"""Groups: one ciphertext for all members, under a key that its sender has handed to each of their devices.

Who is in a group is what the server says: it tells each device what it likes, and nobody signs it. A device that speaks
in a group draws a sender key (a chain, and a key pair that signs) and hands it, pairwise, to every device of every
member; a chain opens what is sealed from then on. Once a member has left, or a member's companion was unlinked, its
next message is under a key drawn anew. Whoever holds a chain can seal as its maker does, but cannot sign.

Source: white paper, "Group messages"; Balbas, Collins, Gajland, "WhatsUpp with Sender Keys?" (2023); Albrecht,
Dowling, Jones, "Formal Analysis of Multi-Device Group Messaging in WhatsApp" (2025); checks in `impl/groups`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User, active, acts
from model.compromise import adversarial
from model.fanout import Fanout, listed_for
from model.language import Formula, Module, Relation, Sort, action, every, implies, require, when
from model.linking import confirmed, genuine


class Group(Sort):
    """A group."""


class SenderKey(Sort):
    """A sender key: of one device, for one group, until the next."""


class GroupMessage(Sort):
    """One message of one device in one group: the same ciphertext for everybody."""


class Groups(Module):
    """Who is said to be in a group, sender keys and who has them, and what is sealed under them."""

    belongs = Relation(Group, User, frozen=True)  # whom the people in it want in it; no device knows
    maker = Relation(SenderKey, gives=Device, frozen=True)
    of = Relation(SenderKey, gives=Group, frozen=True)
    author = Relation(GroupMessage, gives=Device, frozen=True)
    place = Relation(GroupMessage, gives=Group, frozen=True)

    member = Relation(Device, Group, User)  # as the server has told the device
    drawn = Relation(SenderKey)
    retired = Relation(SenderKey)  # its maker seals nothing more under it
    handed = Relation(SenderKey, Device)  # a ciphertext with the key exists for this device
    taken = Relation(Device, SenderKey)  # it has opened that ciphertext
    held = Relation(Device, SenderKey)  # and has kept the key
    replaced = Relation(Device, SenderKey)  # it has taken another one of the same maker since
    taken_twice = Relation(Device, SenderKey)
    sealed = Relation(GroupMessage)
    under = Relation(GroupMessage, SenderKey)
    signed = Relation(GroupMessage)  # with what the maker of the key signs with
    meant = Relation(GroupMessage, Device)  # whom the author counted in when it sealed the message
    reached = Relation(GroupMessage, Device)  # the chain, as this device got it, opens the message
    accepted = Relation(Device, GroupMessage, Device)  # the first has taken the message for one of the second
    accepted_twice = Relation(Device, GroupMessage)

    @action
    def add(device: Device, group: Group, user: User) -> None:
        """The server tells {device} that {user} is in {group}."""
        acts(device)
        when(active=active(device), news=~Groups.member(device, group, user))
        Groups.member[device, group, user] = True

    @action
    def remove(device: Device, group: Group, user: User) -> None:
        """The server tells {device} that {user} has left {group}."""
        acts(device)
        when(active=active(device), news=Groups.member(device, group, user))
        own = Accounts.account(device)
        out = (own == user) | ~Groups.member(device, group, own)

        def forgotten(key: Any) -> Formula:
            return (Groups.of(key) == group) & (out | (Accounts.account(Groups.maker(key)) == user))

        Groups.member[device, group, user] = False
        Groups.retired[:] = lambda key: Groups.retired(key) | (Groups.drawn(key) & is_key_of(key, device, group))
        Groups.held[device, :] = lambda key: Groups.held(device, key) & ~forgotten(key)

    @action
    def send(message: GroupMessage, key: SenderKey) -> None:
        """The author of {message} seals it under {key}, which it hands to every device that lacks it."""
        author, group = Groups.author(message), Groups.place(message)
        acts(author)
        when(
            active=active(author),
            unsealed=~Groups.sealed(message),
            own_key=is_key_of(key, author, group),
            no_other_in_use=every(SenderKey, lambda other: implies(another_of_its_maker(other, key), ~in_use(other))),
        )
        require(
            member=Groups.member(author, group, Accounts.account(author)),
            nobody_has_left=~Groups.retired(key),
            nobody_was_unlinked=only_with_the_listed(key),
        )
        Groups.drawn[key] = True
        Groups.retired[:] = lambda other: (
            Groups.retired(other) | (Groups.drawn(other) & another_of_its_maker(other, key))
        )
        Groups.handed[key, :] = lambda device: Groups.handed(key, device) | counted_in(message, device)
        Groups.sealed[message] = True
        Groups.under[message, key] = True
        Groups.signed[message] = True
        Groups.meant[message, :] = lambda device: counted_in(message, device)
        Groups.reached[message, :] = lambda device: Groups.handed(key, device) | counted_in(message, device)

    @action
    def take_key(device: Device, key: SenderKey, group: Group) -> None:
        """The server gives {device} the ciphertext that hands it {key}, with a message of {group}."""
        maker = Groups.maker(key)
        acts(device)
        when(active=active(device), another=device != maker)
        require(
            intact=Groups.handed(key, device),
            fresh=~Groups.taken(device, key),
            signatures=genuine(maker) & confirmed(maker),
            author_listed=listed_for(device, maker),
            member=Groups.member(device, group, Accounts.account(maker)),
            key_of_group=Groups.of(key) == group,
        )
        Groups.taken_twice[device, key] = Groups.taken(device, key)
        Groups.taken[device, key] = True
        Groups.held[device, key] = True
        Groups.replaced[device, :] = lambda other: (
            Groups.replaced(device, other) | (Groups.held(device, other) & another_of_its_maker(other, key))
        )
        Fanout.met[device, maker] = True

    @action
    def receive(device: Device, message: GroupMessage, key: SenderKey, sender: Device) -> None:
        """The server gives {device} {message}, which is under {key}, as one of {sender}."""
        acts(device)
        when(active=active(device), another=device != sender, made=Groups.under(message, key))
        require(
            fresh=~Groups.accepted(device, message, sender),
            sender_key=Groups.held(device, key),
            key_of_sender=Groups.maker(key) == sender,
            author_listed=listed_for(device, sender),
            newest_key=~Groups.replaced(device, key),
            signature=Groups.signed(message),
            reached=Groups.reached(message, device),
        )
        Groups.accepted_twice[device, message] = Groups.accepted(device, message, sender)
        Groups.accepted[device, message, sender] = True

    @action
    def hand_out(key: SenderKey, device: Device) -> None:
        """The adversary's own device hands its sender key {key} to {device}."""
        when(
            adversary=Accounts.rogue(Groups.maker(key)),
            honest=~Accounts.rogue(device) & active(device),
            not_yet=~Groups.handed(key, device),
        )
        Groups.handed[key, device] = True

    @action
    def forge(message: GroupMessage, key: SenderKey, insider: Device) -> None:
        """The adversary seals {message} under {key}, which it has from {insider}."""
        maker = Groups.maker(key)
        when(
            unsealed=~Groups.sealed(message),
            in_its_name=is_key_of(key, Groups.author(message), Groups.place(message)),
            known=adversarial(insider) & (Groups.handed(key, insider) | (Accounts.rogue(maker) & (maker == insider))),
        )
        Groups.sealed[message] = True
        Groups.under[message, key] = True
        Groups.signed[message] = Accounts.rogue(maker)
        Groups.reached[message, :] = lambda device: Accounts.rogue(maker) | Groups.handed(key, device)


def is_key_of(key: Any, device: Any, group: Any) -> Formula:
    return (Groups.maker(key) == device) & (Groups.of(key) == group)


def another_of_its_maker(other: Any, key: Any) -> Formula:
    """Two keys of one device for one group."""
    return (other != key) & is_key_of(other, Groups.maker(key), Groups.of(key))


def in_use(key: Any) -> Formula:
    """What its maker says next will be under this key."""
    return Groups.drawn(key) & ~Groups.retired(key) & only_with_the_listed(key)


def only_with_the_listed(key: Any) -> Formula:
    """Its maker has handed the key to no device that has been unlinked since, as far as it has heard."""
    maker = Groups.maker(key)
    return every(Device, lambda device: implies(Groups.handed(key, device), listed_for(maker, device)))


def counted_in(message: Any, device: Any) -> Formula:
    """The author hands the key to the device: a member's, listed, met, and not itself."""
    author = Groups.author(message)
    member = Groups.member(author, Groups.place(message), Accounts.account(device))
    return (device != author) & member & listed_for(author, device) & Fanout.met(author, device)
