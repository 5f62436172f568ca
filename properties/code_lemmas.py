"""Lemmas about linking by code, for the properties that lean on them."""

from __future__ import annotations

from model.codes import Codes, Hello, Pairing, Primary
from model.language import Formula, implies, invariant


@invariant()
def what_the_adversary_answers_is_a_guess(hello: Hello) -> Formula:
    return implies(Codes.sent(hello) & Codes.posing(Codes.by(hello)), Codes.guessed(Codes.typed(hello)))


@invariant()
def what_the_adversary_asks_with_is_a_guess(pairing: Pairing) -> Formula:
    return implies(Codes.shown(pairing) & Codes.strange(Codes.of(pairing)), Codes.guessed(Codes.code(pairing)))


@invariant()
def who_waits_has_asked(pairing: Pairing) -> Formula:
    return implies(Codes.waits(pairing), Codes.shown(pairing))


@invariant(who_waits_has_asked)
def who_is_told_has_asked(pairing: Pairing, hello: Hello, primary: Primary) -> Formula:
    return implies(Codes.told(pairing, hello, primary), Codes.shown(pairing))


@invariant()
def one_code_is_on_the_screen(pairing: Pairing, other: Pairing) -> Formula:
    both = Codes.waits(pairing) & Codes.waits(other)
    return implies(both & (Codes.of(pairing) == Codes.of(other)), pairing == other)


@invariant()
def a_secret_is_for_the_code_on_the_screen(pairing: Pairing) -> Formula:
    return implies(Codes.unused(pairing), Codes.waits(pairing))


@invariant(one_code_is_on_the_screen, a_secret_is_for_the_code_on_the_screen)
def who_is_linked_shows_no_code(pairing: Pairing) -> Formula:
    return implies(Codes.linked(Codes.of(pairing)), ~Codes.waits(pairing))


@invariant()
def who_has_joined_is_linked(pairing: Pairing, primary: Primary) -> Formula:
    return implies(Codes.joined(pairing, primary), Codes.linked(Codes.of(pairing)))


@invariant()
def one_answer_is_the_newest(pairing: Pairing, hello: Hello, other: Hello) -> Formula:
    return implies(Codes.expects(pairing, hello) & Codes.expects(pairing, other), hello == other)


@invariant()
def who_waits_for_an_answer_took_the_code(hello: Hello) -> Formula:
    return implies(Codes.pends(hello), Codes.took(Codes.by(hello), Codes.typed(hello)))


@invariant(who_waits_for_an_answer_took_the_code)
def a_secret_is_shared_by_who_took_the_code(pairing: Pairing, hello: Hello) -> Formula:
    return implies(Codes.shares_secret(pairing, hello), Codes.took(Codes.by(hello), Codes.code(pairing)))
