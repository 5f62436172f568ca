"""Limits of sessions."""

from __future__ import annotations

from model.language import Formula, implies, invariant
from model.sessions import Chain, Note, Session, Sessions
from properties.catalogue.sessions import secret_again
from properties.property import always, step
from properties.session_lemmas import (
    there_is_one_chain_for_a_note,
    what_is_opened_was_sealed,
)


@invariant()
def only_the_adversary_begins_without_a_prekey(session: Session) -> Formula:
    return implies(Sessions.bare(session), Sessions.stolen(session))


@step(
    "KL-1",
    "What was opened before a copy was taken stays secret, whatever prekeys the server gives.",
    source="Prekey Pogo (WOOT 2025): without a one-time prekey, first messages lack forward secrecy",
    against="N P",
    lean_on=[
        only_the_adversary_begins_without_a_prekey,
        there_is_one_chain_for_a_note,
        what_is_opened_was_sealed,
    ],
)
def secret_without_a_prekey(note: Note, chain: Chain) -> Formula:
    secret = Sessions.under(note, chain) & Sessions.opened(note) & ~Sessions.known(note)
    return implies(secret & ~Sessions.stolen(Sessions.within(chain)), ~Sessions.known.after(note))


@invariant()
def nothing_is_stolen(session: Session) -> Formula:
    return ~Sessions.stolen(session)


@always(
    "KL-4",
    "Once both ends have turned the ratchet, what they say is secret again, even from who speaks as one of them.",
    source="Cremers, Jacomme, Naska 2023: no healing against who holds the identity key, until the device is unlinked",
    against="A",
    lean_on=[nothing_is_stolen, secret_again, *secret_again.lemmas],
)
def secret_from_an_impostor(one: Chain, answer: Chain, note: Note) -> Formula:
    healed = Sessions.begun(one) & Sessions.next(one, answer) & ~Sessions.copied_since(one)
    read = Sessions.leaked(answer) | (Sessions.under(note, answer) & Sessions.known(note))
    return implies(healed, ~read)
