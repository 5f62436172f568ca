"""Registering anew: whoever takes a new account key forgets the companions that the old one vouched for.

Whoever takes another key of a contact forgets its list and its devices, and goes on with what the new key has signed. A
list names key indexes and no keys, and the companion that was linked first has the same index in every registration: so
the server can pass a companion of an earlier registration off as one of the present, and only the account signature
tells them apart.

An account may also have a device at the provider, a hosted one, whose QR nobody has read. The account signs for it
under a prefix of its own, and no such signature counts for a companion, whatever the server says that the device is.

Source: white paper, "Verifying keys" and "Session set-up"; wire.md, sections 2.4 and 4.3; checks in `impl/identity.py`,
`impl/vouching.py` and `impl/account_type.py`.
"""

from __future__ import annotations

from typing import Any

from model.identities import Identities, Letter, Registration, Watcher
from model.language import Formula, Module, Relation, Sort, action, along, axiom, implies, require, when


class Fellow(Sort):
    """A companion of a contact, linked under one of its registrations."""


class Roster(Sort):
    """The list of devices that a phone has signed under one registration."""


class Renewals(Module):
    """Which list each watcher goes by, which companions on it it has met and heard, and to whom letters went."""

    under = Relation(Fellow, gives=Registration, frozen=True)
    signed = Relation(Roster, gives=Registration, frozen=True)
    hosted = Relation(Fellow, frozen=True)  # the account has signed for it as for a device at the provider

    goes_by = Relation(Watcher, Roster)
    met = Relation(Watcher, Fellow)
    heard = Relation(Watcher, Fellow)
    sealed = Relation(Letter, Fellow)

    @axiom
    def one_original_each(one: Registration, other: Registration) -> Formula:
        both = Identities.original(one) & Identities.original(other)
        return implies(both & (Identities.of(one) == Identities.of(other)), one == other)

    @action
    def show_list(watcher: Watcher, roster: Roster) -> None:
        """The server shows {watcher} {roster}."""
        when(new=~Renewals.goes_by(watcher, roster))
        require(signature=Identities.pinned(watcher, Renewals.signed(roster)))
        Renewals.goes_by[watcher, roster] = True

    @action
    def meet(watcher: Watcher, fellow: Fellow, roster: Roster) -> None:
        """The server gives {watcher} the prekey bundle of {fellow}, as of a companion on {roster}."""
        when(listed=could_be_on(watcher, fellow, roster), new=~Renewals.met(watcher, fellow))
        require(
            account_signature=Renewals.under(fellow) == Renewals.signed(roster),
            account_type=~Renewals.hosted(fellow),
        )
        Renewals.met[watcher, fellow] = True

    @action
    def hear(watcher: Watcher, fellow: Fellow, roster: Roster) -> None:
        """The server gives {watcher} a message of {fellow}, as of a companion on {roster}."""
        when(listed=could_be_on(watcher, fellow, roster), new=~Renewals.heard(watcher, fellow))
        require(
            account_signature=Renewals.under(fellow) == Renewals.signed(roster),
            account_type=~Renewals.hosted(fellow),
        )
        Renewals.heard[watcher, fellow] = True
        Renewals.met[watcher, fellow] = True

    @along(Identities.show)
    def forget_account(watcher: Watcher, registration: Registration) -> None:
        def stays(under: Any) -> Formula:
            return (Identities.of(under) != Identities.of(registration)) | (under == registration)

        Renewals.goes_by[watcher, :] = lambda roster: Renewals.goes_by(watcher, roster) & stays(Renewals.signed(roster))
        Renewals.met[watcher, :] = lambda fellow: Renewals.met(watcher, fellow) & stays(Renewals.under(fellow))

    @along(Identities.write)
    def to_companions_too(letter: Letter) -> None:
        watcher, contact = Identities.by(letter), Identities.to(letter)
        Renewals.sealed[letter, :] = lambda fellow: (
            Renewals.met(watcher, fellow) & (Identities.of(Renewals.under(fellow)) == contact)
        )


def could_be_on(watcher: Any, fellow: Any, roster: Any) -> Formula:
    """By its index it is on the list that the watcher goes by."""
    same_contact = Identities.of(Renewals.under(fellow)) == Identities.of(Renewals.signed(roster))
    return Renewals.goes_by(watcher, roster) & same_contact
