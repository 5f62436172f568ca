"""Lemmas about linking by code, for the properties that lean on them."""

from __future__ import annotations

from model.language import Formula, implies, invariant
from model.pairings import Hello, Pairing, Pairings, Primary


@invariant()
def what_the_adversary_answers_is_a_guess(hello: Hello) -> Formula:
    return implies(Pairings.sent(hello) & Pairings.posing(Pairings.by(hello)), Pairings.guessed(Pairings.typed(hello)))


@invariant()
def what_the_adversary_asks_with_is_a_guess(pairing: Pairing) -> Formula:
    return implies(
        Pairings.shown(pairing) & Pairings.strange(Pairings.of(pairing)), Pairings.guessed(Pairings.code(pairing))
    )


@invariant()
def who_waits_has_asked(pairing: Pairing) -> Formula:
    return implies(Pairings.waits(pairing), Pairings.shown(pairing))


@invariant(who_waits_has_asked)
def who_is_told_has_asked(pairing: Pairing, hello: Hello, primary: Primary) -> Formula:
    return implies(Pairings.told(pairing, hello, primary), Pairings.shown(pairing))


@invariant()
def one_code_is_on_the_screen(pairing: Pairing, other: Pairing) -> Formula:
    both = Pairings.waits(pairing) & Pairings.waits(other)
    return implies(both & (Pairings.of(pairing) == Pairings.of(other)), pairing == other)


@invariant()
def a_secret_is_for_the_code_on_the_screen(pairing: Pairing) -> Formula:
    return implies(Pairings.unused(pairing), Pairings.waits(pairing))


@invariant(one_code_is_on_the_screen, a_secret_is_for_the_code_on_the_screen)
def who_is_linked_shows_no_code(pairing: Pairing) -> Formula:
    return implies(Pairings.linked(Pairings.of(pairing)), ~Pairings.waits(pairing))


@invariant()
def who_has_joined_is_linked(pairing: Pairing, primary: Primary) -> Formula:
    return implies(Pairings.joined(pairing, primary), Pairings.linked(Pairings.of(pairing)))


@invariant()
def one_answer_is_the_newest(pairing: Pairing, hello: Hello, other: Hello) -> Formula:
    return implies(Pairings.expects(pairing, hello) & Pairings.expects(pairing, other), hello == other)


@invariant()
def who_waits_for_an_answer_took_the_code(hello: Hello) -> Formula:
    return implies(Pairings.pends(hello), Pairings.took(Pairings.by(hello), Pairings.typed(hello)))


@invariant(who_waits_for_an_answer_took_the_code)
def a_secret_is_shared_by_who_took_the_code(pairing: Pairing, hello: Hello) -> Formula:
    return implies(Pairings.shares_secret(pairing, hello), Pairings.took(Pairings.by(hello), Pairings.code(pairing)))
