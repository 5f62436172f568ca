"""Registering anew, and devices at the provider: what an account no longer vouches for, and what it never did."""

from __future__ import annotations

from model.identities import Identities, Letter, Registration, Watcher
from model.language import Formula, implies
from model.renewals import Fellow, Renewals
from properties.lemmas import renewals as lemmas
from properties.property import always


@always(
    "L11",
    "Nobody who knows that a phone was registered anew has to do with a companion of before, nor writes to it.",
    source="white paper, verifying keys; wire.md, 4.3: a new account key voids sessions, devices and list",
    against="N",
    lean_on=[lemmas.one_key_is_pinned, lemmas.a_list_is_of_the_pinned_key, lemmas.a_letter_under_a_key_was_said],
)
def companions_go_with_the_key(watcher: Watcher, letter: Letter, registration: Registration, fellow: Fellow) -> Formula:
    known = implies(Renewals.met(watcher, fellow), Identities.pinned(watcher, Renewals.under(fellow)))
    of_it = Identities.of(Renewals.under(fellow)) == Identities.of(registration)
    written = Renewals.sealed(letter, fellow) & Identities.under(letter, registration) & of_it
    return known & implies(written, Renewals.under(fellow) == registration)


@always(
    "L12",
    "A hosted device is taken for a companion by nobody.",
    source="hosted account types in open-source clients: the prefix of a signature says what it is for",
    against="N",
)
def nobody_takes_a_hosted_device_for_a_companion(watcher: Watcher, fellow: Fellow) -> Formula:
    return implies(Renewals.met(watcher, fellow), ~Renewals.hosted(fellow))
