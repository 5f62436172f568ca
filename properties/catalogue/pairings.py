"""Linking by code: who may become a companion, and of whom, when nothing is scanned."""

from __future__ import annotations

from model.language import Formula, implies
from model.pairings import Hello, Newcomer, Pairing, Pairings, Primary
from properties.lemmas import pairings as lemmas
from properties.property import always

FLOW = "pairing by code (whatsmeow, `pair-code.go`; zapo, `companion-host.ts`)"


@always(
    "L8",
    "The linking secret behind a code reaches the adversary only if it has guessed the code while it was asked for.",
    source=FLOW,
    against="N",
    lean_on=[lemmas.what_the_adversary_answers_is_a_guess],
)
def the_secret_is_for_who_has_the_code(pairing: Pairing, hello: Hello) -> Formula:
    guessed = implies(Pairings.known(pairing, hello), Pairings.guessed(Pairings.code(pairing)))
    return guessed & ~Pairings.answered_twice(pairing)


@always(
    "L9",
    "A companion joins only the account whose phone took its code, or who guessed it, once per secret.",
    source=FLOW,
    against="N",
    lean_on=[
        the_secret_is_for_who_has_the_code,
        lemmas.a_secret_is_shared_by_who_took_the_code,
        lemmas.one_answer_is_the_newest,
        lemmas.who_is_linked_shows_no_code,
        lemmas.who_has_joined_is_linked,
    ],
)
def joins_only_the_account_that_took_its_code(pairing: Pairing, hello: Hello, primary: Primary) -> Formula:
    newcomer, code = Pairings.of(pairing), Pairings.code(pairing)
    told = implies(Pairings.expects(pairing, hello), Pairings.told(pairing, hello, primary))
    once = ~Pairings.joined_twice(newcomer) & ~Pairings.unused(pairing)
    taken = Pairings.took(primary, code) | Pairings.guessed(code)
    return implies(Pairings.joined(pairing, primary), Pairings.vouched(primary, newcomer) & taken & told & once)


@always(
    "L10",
    "A phone approves of a companion once, which shows the code typed on it and knows the account; or has guessed it.",
    source=FLOW,
    against="N",
    lean_on=[lemmas.what_the_adversary_asks_with_is_a_guess, lemmas.who_is_told_has_asked],
)
def approves_of_who_shows_the_code(hello: Hello, newcomer: Newcomer) -> Formula:
    pairing, primary = Pairings.about(hello), Pairings.by(hello)
    shows = (newcomer == Pairings.of(pairing)) & (Pairings.typed(hello) == Pairings.code(pairing))
    knows = Pairings.told(pairing, hello, primary) & ~Pairings.vouched_twice(primary, newcomer)
    ours = ~Pairings.strange(newcomer) | Pairings.guessed(Pairings.typed(hello))
    return implies(Pairings.approved(hello, newcomer), shows & knows & ours)
