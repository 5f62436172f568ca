"""Changed identities: what a watcher is told and shown, and what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping

from impl.address import PHONE
from model.identities import Identities
from properties.conform.adversary import opened
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Identities.tell)
def tell(world: World, watcher: str, contact: str) -> None:
    world.acquaintances.watchers[watcher].doubt_identity(contact, world.now)


@performs(Identities.show)
def show(world: World, watcher: str, registration: str) -> None:
    known = world.acquaintances
    contact, bundle = known.registrations[registration].contact, known.phones[registration].bundle()
    known.watchers[watcher].meet_phone(contact, bundle, world.now)


@performs(Identities.write)
def write(world: World, letter: str, registration: str) -> None:
    world.acquaintances.write(letter)


@observes(Identities.pinned)
def pinned(world: World) -> Seen:
    known = world.acquaintances
    return {
        (name, key): watcher.pins[known.registrations[key].contact] == phone.identity.public
        for name, watcher in known.watchers.items()
        for key, phone in known.phones.items()
    }


@observes(Identities.doubted)
def doubted(world: World) -> Seen:
    known = world.acquaintances
    contacts = {spec.contact for spec in known.registrations.values()}
    return {(name, to): to in watcher.doubts for name, watcher in known.watchers.items() for to in contacts}


@observes(Identities.notified)
def notified(world: World) -> Seen:
    """What the user reads."""
    known = world.acquaintances
    return {
        (name, key): phone.identity.public in {notice.current for notice in watcher.notices.values()}
        for name, watcher in known.watchers.items()
        for key, phone in known.phones.items()
    }


@observes(Identities.said)
def said(world: World) -> Seen:
    return {(letter,): letter in world.acquaintances.letters for letter in world.acquaintances.specs}


@observes(Identities.under)
def under(world: World) -> Seen:
    """Whose phone opens it."""
    known = world.acquaintances
    return {
        (letter, key): any(opened(phone, stanza, None) for stanza in said if stanza.recipient.device == PHONE)
        for letter, said in known.letters.items()
        for key, phone in known.phones.items()
    }
