"""Limits of sessions."""

from __future__ import annotations

from model.language import Formula, every, implies, invariant
from model.sessions import Chain, Note, Session, Sessions
from model.state_loss import MessageKey, Remark, Save, StateLoss, of_the_same_ends
from properties.catalogue.sessions import healed, read_in, secret_again
from properties.lemmas.sessions import (
    there_is_one_chain_for_a_note,
    what_is_opened_was_sealed,
)
from properties.lemmas.state_loss import a_key_is_gone_once_its_remark_is_heard
from properties.property import always, step


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
    "What is said under ratchet keys drawn since the last copy is secret again, even from who speaks as one of them.",
    source="Cremers, Jacomme, Naska 2023: no healing against who holds the identity key, until the device is unlinked",
    against="A",
    lean_on=[nothing_is_stolen, secret_again, *secret_again.lemmas],
)
def secret_from_an_impostor(one: Chain, answer: Chain, note: Note) -> Formula:
    return implies(Sessions.begun(one) & healed(one, answer), ~read_in(answer, note))


@invariant()
def who_is_heard_is_heard_in_one_session(one: MessageKey, other: MessageKey, save: Save) -> Formula:
    same = of_the_same_ends(StateLoss.of(one), StateLoss.of(other))
    gone = StateLoss.gone(one) & StateLoss.gone(other)
    kept = StateLoss.kept_gone(save, one) & StateLoss.kept_gone(save, other)
    return implies(same & (gone | kept), StateLoss.of(one) == StateLoss.of(other))


@always(
    "KL-7",
    "Once an end was heard in a session that no copy of it knows, nothing is heard in its name that it has not said.",
    source="Cremers, Medinger, Naska 2024: recovering from lost state and full healing exclude each other",
    against="B P",
    lean_on=[who_is_heard_is_heard_in_one_session, a_key_is_gone_once_its_remark_is_heard],
)
def heard_in_its_own_name(remark: Remark, its: MessageKey, key: MessageKey) -> Formula:
    strand, other = StateLoss.of(key), StateLoss.of(its)
    unknown = ~StateLoss.forged(strand) & every(Save, lambda save: ~StateLoss.kept(save, strand))
    lie = StateLoss.under(remark, its) & StateLoss.forged(other) & of_the_same_ends(strand, other)
    return implies(StateLoss.gone(key) & unknown & lie, ~StateLoss.heard(remark))
