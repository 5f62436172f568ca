"""Contacts of a world that are registered anew: a phone for each registration, and devices that write to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.address import PHONE
from impl.phone import Phone
from impl.stanza import Stanza
from impl.wire.content import Text
from model.kinds import LetterSpec, RegistrationSpec

if TYPE_CHECKING:
    from properties.conform.world import World


class Acquaintances:
    """By the names of the scope. Watchers have met each contact under its first key."""

    def __init__(self, world: World) -> None:
        self.world = world
        more, beginning = world.scope.more, world.time_of(world.scope.lists[0][0])
        self.registrations: dict[str, RegistrationSpec] = {row.name: row for row in more["registrations"]}
        self.specs: dict[str, LetterSpec] = {row.name: row for row in more["letters"]}
        self.phones = {
            name: Phone.register(spec.contact, world.entropy, beginning) for name, spec in self.registrations.items()
        }
        self.watchers = {row.name: Phone.register(row.name, world.entropy, beginning) for row in more["watchers"]}
        self.letters: dict[str, Stanza] = {}
        originals = {spec.contact: name for name, spec in reversed(self.registrations.items())}
        for watcher in self.watchers.values():
            for contact, name in originals.items():
                watcher.meet_phone(contact, self.phones[name].bundle(), beginning)

    def write(self, letter: str) -> None:
        spec, id = self.specs[letter], f"3EB3{list(self.specs).index(letter):016X}"
        said = self.watchers[spec.watcher].send(id, spec.contact, Text(f"text of {letter}"), self.world.now)
        self.letters[letter] = next(stanza for stanza in said if stanza.recipient.device == PHONE)
