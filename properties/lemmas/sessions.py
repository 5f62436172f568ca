"""Lemmas about sessions, for the properties that lean on them."""

from __future__ import annotations

from model.language import Formula, implies, invariant
from model.sessions import Chain, Note, Prekey, Sessions


@invariant()
def what_is_in_a_chain_was_sealed(note: Note, chain: Chain) -> Formula:
    return implies(Sessions.under(note, chain), Sessions.sealed(note) & Sessions.begun(chain))


@invariant(what_is_in_a_chain_was_sealed)
def there_is_one_chain_for_a_note(note: Note, chain: Chain, other: Chain) -> Formula:
    return implies(Sessions.under(note, chain) & Sessions.under(note, other), chain == other)


@invariant(what_is_in_a_chain_was_sealed)
def what_is_opened_was_sealed(note: Note) -> Formula:
    return implies(Sessions.opened(note), Sessions.sealed(note))


@invariant(what_is_in_a_chain_was_sealed)
def chains_begin_in_order(chain: Chain, other: Chain) -> Formula:
    return implies(Sessions.begun(chain) & Sessions.before(other, chain), Sessions.begun(other))


@invariant(chains_begin_in_order, what_is_in_a_chain_was_sealed)
def a_session_begins_with_its_first_chain(chain: Chain, prekey: Prekey) -> Formula:
    session = Sessions.within(chain)
    late = Sessions.answered(session) | Sessions.uses(session, prekey)
    return implies(Sessions.first(chain) & late, Sessions.begun(chain))
