"""Lemmas about registering anew, for the properties that lean on them."""

from __future__ import annotations

from model.identities import Identities, Letter, Registration, Watcher
from model.language import Formula, implies, invariant
from model.renewals import Renewals, Roster


@invariant()
def one_key_is_pinned(watcher: Watcher, one: Registration, other: Registration) -> Formula:
    both = Identities.pinned(watcher, one) & Identities.pinned(watcher, other)
    return implies(both & (Identities.of(one) == Identities.of(other)), one == other)


@invariant()
def a_list_is_of_the_pinned_key(watcher: Watcher, roster: Roster) -> Formula:
    return implies(Renewals.goes_by(watcher, roster), Identities.pinned(watcher, Renewals.signed(roster)))


@invariant()
def a_letter_under_a_key_was_said(letter: Letter, registration: Registration) -> Formula:
    return implies(Identities.under(letter, registration), Identities.said(letter))
