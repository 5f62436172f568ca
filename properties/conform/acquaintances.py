"""Contacts of a world that are registered anew: a phone for each registration, and devices that write to them.

Each registration has the companions that were linked under it, and one list, which names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.address import PHONE, Address
from impl.attestation import device_message
from impl.companion import Companion
from impl.crypto import xeddsa
from impl.linking import Approval
from impl.phone import Phone
from impl.stanza import Stanza
from impl.wire.adv import IdentityContainer, SignedDeviceIdentity
from impl.wire.content import Text
from model.kinds import FellowSpec, LetterSpec, RegistrationSpec

if TYPE_CHECKING:
    from properties.conform.world import World

HOSTED_PREFIX = b"\x06\x05"  # of the account signature over a device at the provider


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
        self.letters: dict[str, list[Stanza]] = {}
        originals = {spec.contact: name for name, spec in reversed(self.registrations.items())}
        for watcher in self.watchers.values():
            for contact, name in originals.items():
                watcher.meet_phone(contact, self.phones[name].bundle(), beginning)
        self.fellows: dict[str, FellowSpec] = {row.name: row for row in more["fellows"]}
        self.rosters: dict[str, str] = {row.name: row.registration for row in more["rosters"]}
        self.indexes: dict[str, int] = {}
        self.companions = {name: self._link(name, beginning) for name in self.fellows}

    def contact(self, fellow: str) -> str:
        return self.registrations[self.fellows[fellow].registration].contact

    def address(self, fellow: str) -> Address:
        return Address(self.contact(fellow), 1 + list(self.fellows).index(fellow))

    def _link(self, fellow: str, beginning: int) -> Companion:
        phone, companion = (
            self.phones[self.fellows[fellow].registration],
            Companion.create(self.world.entropy, beginning),
        )
        approval = phone.scan(companion.show_qr(f"2@{fellow}"), beginning)
        self.indexes[fellow] = approval.key_index
        companion.confirm(approval.container, self.address(fellow), beginning)
        if self.fellows[fellow].hosted:
            with companion.store.transaction():
                companion.device_identity = self._hosted(phone, companion, approval)
        for name, watcher in self.watchers.items():
            companion.pin(name, watcher.identity.public)
            companion.learn_list(name, watcher.signed_list, beginning)
            companion.meet(Address(name, PHONE), PHONE, watcher.bundle(), beginning)
        return companion

    def _hosted(self, phone: Phone, companion: Companion, approval: Approval) -> bytes:
        """What an account signs for a device at the provider. Its own signature tells nothing of that."""
        details = SignedDeviceIdentity.decode(IdentityContainer.decode(approval.container).details).details
        message = HOSTED_PREFIX + details + companion.identity.public
        own = device_message(details, companion.identity.public, phone.identity.public)
        signatures = (
            xeddsa.sign(pair.private, signed, self.world.entropy)
            for pair, signed in ((phone.identity, message), (companion.identity, own))
        )
        return SignedDeviceIdentity(details, phone.identity.public, *signatures).encode()

    def write(self, letter: str) -> None:
        spec, id = self.specs[letter], f"3EB3{list(self.specs).index(letter):016X}"
        text = Text(f"text of {letter}")
        self.letters[letter] = self.watchers[spec.watcher].send(id, spec.contact, text, self.world.now)

    def speak(self, fellow: str, watcher: str) -> Stanza:
        """What a companion says to a watcher."""
        id = f"3EB4{self.world.entropy(8).hex().upper()}"
        said = self.companions[fellow].send(id, watcher, Text(self.word(fellow)), self.world.now)
        return next(stanza for stanza in said if stanza.recipient.user == watcher)

    @staticmethod
    def word(fellow: str) -> str:
        return f"word of {fellow}"
