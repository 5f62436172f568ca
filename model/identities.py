"""Changed identities: who speaks to an account hears of its new key before anything is said under it.

An account key is made anew when a phone is registered anew. A device goes by one key of each contact. The server says
that a contact was registered anew, truly or not; then the device says nothing to it until it has been shown the phone's
key. Another key than before is taken, and the user is told: people who compare security codes see that these are others
now.

Source: white paper, "Verifying keys"; checks in `impl/identity.py`.
"""

from __future__ import annotations

from model.language import Module, Relation, Sort, action, either, initially, require, when


class Contact(Sort):
    """An account that is spoken to."""


class Registration(Sort):
    """A registration of a contact's phone, or what the server passes off as one: an account key."""


class Watcher(Sort):
    """A device that speaks to contacts."""


class Letter(Sort):
    """What a watcher says to a contact."""


class Identities(Module):
    """Which key each watcher goes by, what its user was told, and what was said under which key."""

    of = Relation(Registration, gives=Contact, frozen=True)
    original = Relation(Registration, frozen=True)  # the security codes over this one were compared
    by = Relation(Letter, gives=Watcher, frozen=True)
    to = Relation(Letter, gives=Contact, frozen=True)

    pinned = Relation(Watcher, Registration)  # the watcher goes by this key of the contact
    doubted = Relation(Watcher, Contact)  # somebody says that it was registered anew
    notified = Relation(Watcher, Registration)  # the user was told of this key
    said = Relation(Letter)
    under = Relation(Letter, Registration)
    said_in_doubt = Relation(Letter)

    @initially
    def start() -> None:
        Identities.pinned[:, :] = lambda watcher, registration: Identities.original(registration)

    @action
    def tell(watcher: Watcher, contact: Contact) -> None:
        """The server tells {watcher} that {contact} was registered anew."""
        Identities.doubted[watcher, contact] = True

    @action
    def show(watcher: Watcher, registration: Registration) -> None:
        """The server gives {watcher} the prekey bundle of a phone with the key of {registration}."""
        contact, known = Identities.of(registration), Identities.pinned(watcher, registration)
        Identities.notified[watcher, registration] = Identities.notified(watcher, registration) | ~known
        Identities.pinned[watcher, :] = lambda other: either(
            Identities.of(other) == contact, other == registration, Identities.pinned(watcher, other)
        )
        Identities.doubted[watcher, contact] = False

    @action
    def write(letter: Letter, registration: Registration) -> None:
        """The author of {letter} says it to the contact, under the key that it goes by."""
        watcher, contact = Identities.by(letter), Identities.to(letter)
        goes_by = Identities.pinned(watcher, registration) & (Identities.of(registration) == contact)
        when(unsaid=~Identities.said(letter), goes_by=goes_by)
        require(no_doubt=~Identities.doubted(watcher, contact))
        Identities.said[letter] = True
        Identities.under[letter, registration] = True
        Identities.said_in_doubt[letter] = Identities.doubted(watcher, contact)
