"""Linking by code: who may become a companion, and of whom, when nothing is scanned."""

from __future__ import annotations

from model.codes import Codes, Hello, Newcomer, Pairing, Primary
from model.language import Formula, implies
from properties import code_lemmas as lemmas
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
    guessed = implies(Codes.known(pairing, hello), Codes.guessed(Codes.code(pairing)))
    return guessed & ~Codes.answered_twice(pairing)


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
    newcomer, code = Codes.of(pairing), Codes.code(pairing)
    told = implies(Codes.expects(pairing, hello), Codes.told(pairing, hello, primary))
    once = ~Codes.joined_twice(newcomer) & ~Codes.unused(pairing)
    taken = Codes.took(primary, code) | Codes.guessed(code)
    return implies(Codes.joined(pairing, primary), Codes.vouched(primary, newcomer) & taken & told & once)


@always(
    "L10",
    "A phone approves of a companion once, which shows the code typed on it and knows the account; or has guessed it.",
    source=FLOW,
    against="N",
    lean_on=[lemmas.what_the_adversary_asks_with_is_a_guess, lemmas.who_is_told_has_asked],
)
def approves_of_who_shows_the_code(hello: Hello, newcomer: Newcomer) -> Formula:
    pairing, primary = Codes.about(hello), Codes.by(hello)
    shows = (newcomer == Codes.of(pairing)) & (Codes.typed(hello) == Codes.code(pairing))
    knows = Codes.told(pairing, hello, primary) & ~Codes.vouched_twice(primary, newcomer)
    ours = ~Codes.strange(newcomer) | Codes.guessed(Codes.typed(hello))
    return implies(Codes.approved(hello, newcomer), shows & knows & ours)
