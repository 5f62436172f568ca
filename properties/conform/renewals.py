"""Registering anew: whom a watcher meets and hears, and to whom its letters go."""

from __future__ import annotations

from collections.abc import Mapping

from model.renewals import Renewals
from properties.conform.adversary import opened
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Renewals.show_list)
def show_list(world: World, watcher: str, roster: str) -> None:
    known = world.acquaintances
    registration = known.rosters[roster]
    contact, signed = known.registrations[registration].contact, known.phones[registration].signed_list
    known.watchers[watcher].learn_list(contact, signed, world.now)


@performs(Renewals.meet)
def meet(world: World, watcher: str, fellow: str, roster: str) -> None:
    known = world.acquaintances
    bundle = known.companions[fellow].bundle()
    known.watchers[watcher].meet(known.address(fellow), known.indexes[fellow], bundle, world.now)


@performs(Renewals.hear)
def hear(world: World, watcher: str, fellow: str, roster: str) -> None:
    world.acquaintances.watchers[watcher].receive(world.acquaintances.speak(fellow, watcher), world.now)


@observes(Renewals.goes_by)
def goes_by(world: World) -> Seen:
    known = world.acquaintances
    seen: dict[tuple[str, ...], bool | str] = {}
    for roster, registration in known.rosters.items():
        for name, watcher in known.watchers.items():
            view = watcher.views.get(known.registrations[registration].contact)
            seen[name, roster] = view is not None and view.signed == known.phones[registration].signed_list
    return seen


@observes(Renewals.met)
def met(world: World) -> Seen:
    known = world.acquaintances
    return {
        (name, fellow): watcher.peers.holder(companion.identity.public) is not None
        for name, watcher in known.watchers.items()
        for fellow, companion in known.companions.items()
    }


@observes(Renewals.heard)
def heard(world: World) -> Seen:
    known = world.acquaintances
    said = {name: {message.text for message in watcher.conversation} for name, watcher in known.watchers.items()}
    return {(name, fellow): known.word(fellow) in texts for name, texts in said.items() for fellow in known.fellows}


@observes(Renewals.sealed)
def sealed(world: World) -> Seen:
    """Who opens it."""
    known = world.acquaintances
    return {
        (letter, fellow): any(
            opened(companion, stanza, companion.records.get(stanza.sender))
            for stanza in said
            if stanza.recipient == known.address(fellow)
        )
        for letter, said in known.letters.items()
        for fellow, companion in known.companions.items()
    }
