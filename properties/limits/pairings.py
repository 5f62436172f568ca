"""Limits of linking by code."""

from __future__ import annotations

from model.language import Formula, implies, invariant
from model.pairings import Hello, Newcomer, Pairing, Pairings, ShortCode
from properties.catalogue.pairings import approves_of_who_shows_the_code, the_secret_is_for_who_has_the_code
from properties.property import always


@invariant()
def no_guess_is_right(code: ShortCode) -> Formula:
    return implies(Pairings.drawn(code), ~Pairings.guessed(code))


@invariant()
def what_is_on_a_screen_was_drawn(pairing: Pairing) -> Formula:
    return implies(Pairings.waits(pairing), Pairings.drawn(Pairings.code(pairing)))


@invariant(what_is_on_a_screen_was_drawn)
def what_is_known_is_of_a_code_that_was_drawn(pairing: Pairing, hello: Hello) -> Formula:
    return implies(Pairings.known(pairing, hello), Pairings.drawn(Pairings.code(pairing)))


@invariant()
def a_code_that_is_typed_was_drawn(hello: Hello) -> Formula:
    return implies(Pairings.pends(hello), Pairings.drawn(Pairings.typed(hello)))


@invariant(a_code_that_is_typed_was_drawn)
def who_is_approved_of_had_a_code_that_was_drawn(hello: Hello, newcomer: Newcomer) -> Formula:
    return implies(Pairings.approved(hello, newcomer), Pairings.drawn(Pairings.typed(hello)))


@always(
    "KL-9",
    "Whoever guesses at a code, no secret is found out and no companion of the adversary's approved of.",
    source="pairing by code, by design: eight characters, and a guess for the server each time they are asked for",
    against="N",
    lean_on=[
        no_guess_is_right,
        what_is_known_is_of_a_code_that_was_drawn,
        who_is_approved_of_had_a_code_that_was_drawn,
        the_secret_is_for_who_has_the_code,
        approves_of_who_shows_the_code,
        *the_secret_is_for_who_has_the_code.lemmas,
        *approves_of_who_shows_the_code.lemmas,
    ],
)
def no_guess_gets_anybody_in(pairing: Pairing, hello: Hello, newcomer: Newcomer) -> Formula:
    approved = Pairings.approved(hello, newcomer) & Pairings.strange(newcomer)
    return ~Pairings.known(pairing, hello) & ~approved
