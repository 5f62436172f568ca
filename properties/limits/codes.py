"""Limits of linking by code."""

from __future__ import annotations

from model.codes import Code, Codes, Hello, Newcomer, Pairing
from model.language import Formula, implies, invariant
from properties.catalogue.codes import approves_of_who_shows_the_code, the_secret_is_for_who_has_the_code
from properties.property import always


@invariant()
def no_guess_is_right(code: Code) -> Formula:
    return implies(Codes.drawn(code), ~Codes.guessed(code))


@invariant()
def what_is_on_a_screen_was_drawn(pairing: Pairing) -> Formula:
    return implies(Codes.waits(pairing), Codes.drawn(Codes.code(pairing)))


@invariant(what_is_on_a_screen_was_drawn)
def what_is_known_is_of_a_code_that_was_drawn(pairing: Pairing, hello: Hello) -> Formula:
    return implies(Codes.known(pairing, hello), Codes.drawn(Codes.code(pairing)))


@invariant()
def a_code_that_is_typed_was_drawn(hello: Hello) -> Formula:
    return implies(Codes.pends(hello), Codes.drawn(Codes.typed(hello)))


@invariant(a_code_that_is_typed_was_drawn)
def who_is_approved_of_had_a_code_that_was_drawn(hello: Hello, newcomer: Newcomer) -> Formula:
    return implies(Codes.approved(hello, newcomer), Codes.drawn(Codes.typed(hello)))


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
    approved = Codes.approved(hello, newcomer) & Codes.strange(newcomer)
    return ~Codes.known(pairing, hello) & ~approved
