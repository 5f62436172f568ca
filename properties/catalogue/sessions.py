"""Sessions: what a copy of one end opens, and for how long."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.compromise import Compromise
from model.fanout import Fanout, Message
from model.identities import Identities, Letter, Registration, Watcher
from model.language import Formula, accepted, implies, possible
from model.sessions import Chain, Note, Prekey, Session, Sessions
from model.state_loss import MessageKey, Remark, StateLoss
from properties.lemmas import sessions as session_lemmas
from properties.lemmas import state_loss as state_loss_lemmas
from properties.property import always, step

RATCHET = "Double Ratchet"


@step(
    "S1",
    "Forward secrecy: what was opened before a copy was taken stays secret, if a one-time prekey stood behind it.",
    source=RATCHET + "; X3DH",
    against="P",
    lean_on=[session_lemmas.what_is_opened_was_sealed, session_lemmas.there_is_one_chain_for_a_note],
)
def what_was_opened_stays_secret(note: Note, chain: Chain) -> Formula:
    bare = Sessions.bare(Sessions.within(chain)) & Sessions.early(chain)
    secret = Sessions.under(note, chain) & Sessions.opened(note) & ~Sessions.known(note)
    return implies(secret & ~bare, ~Sessions.known.after(note))


@always(
    "S2",
    "Healing: what is said under ratchet keys that each end has drawn since it was last copied is secret again.",
    source=RATCHET + "; Cohn-Gordon, Cremers, Garratt 2016",
    against="P",
    lean_on=[session_lemmas.chains_begin_in_order, session_lemmas.there_is_one_chain_for_a_note],
)
def secret_again(one: Chain, answer: Chain, note: Note) -> Formula:
    stolen = Sessions.stolen(Sessions.within(one))
    return implies(healed(one, answer) & ~stolen, ~read_in(answer, note))


def healed(one: Chain, answer: Chain) -> Formula:
    """The second chain answers the first, and neither end was copied since it began its own."""
    return Sessions.next(one, answer) & ~Sessions.copied_since(one) & ~Sessions.copied_since(answer)


def read_in(chain: Chain, note: Note) -> Formula:
    """The adversary opens what comes under this chain, or has opened the note."""
    return Sessions.leaked(chain) | (Sessions.under(note, chain) & Sessions.known(note))


@always(
    "S3",
    "A one-time prekey opens one session, whatever the server does with it, and is deleted then.",
    source="X3DH",
    against="N",
    lean_on=[session_lemmas.a_session_begins_with_its_first_chain],
)
def used_once(one: Session, other: Session, prekey: Prekey) -> Formula:
    opened = Sessions.answered(one) & Sessions.uses(one, prekey)
    another = Sessions.answered(other) & Sessions.uses(other, prekey)
    return implies(opened, Sessions.spent(prekey) & implies(another, one == other))


@always(
    "S4",
    "The compromise of one companion reveals no other device's keys.",
    source="announcement, per-device encryption",
    against="P",
)
def opens_only_its_own(device: Device, message: Message, addressee: Device) -> Formula:
    own = (device == addressee) & Accounts.compromised(device) & Fanout.sealed(message, addressee)
    return implies(Compromise.unsealed(device, message, addressee), own)


@always(
    "S5",
    "A changed identity is noticed before the next send: nobody speaks in doubt, nor under a key that was not told of.",
    source="white paper, verifying keys; safety numbers",
    against="N",
)
def noticed_before_the_next_send(watcher: Watcher, letter: Letter, registration: Registration) -> Formula:
    said = Identities.under(letter, registration) & (Identities.by(letter) == watcher)
    known = Identities.original(registration) | Identities.notified(watcher, registration)
    return implies(said | Identities.pinned(watcher, registration), known) & ~Identities.said_in_doubt(letter)


@always("S6", "A message in a session is opened once.", source=RATCHET, against="N")
def opened_once(note: Note) -> Formula:
    return ~Sessions.opened_twice(note)


@always(
    "S7",
    "A message key is used for one message and opens it once, whatever copy of itself a device starts again from.",
    source="Cremers, Fairoze, Kiesl, Naska 2020; threat model, restored devices",
    against="B N",
    lean_on=[
        state_loss_lemmas.nothing_is_under_a_key_that_comes_next,
        state_loss_lemmas.nothing_is_heard_twice,
    ],
)
def one_key_for_one_message(one: Remark, other: Remark, key: MessageKey) -> Formula:
    both = StateLoss.under(one, key) & StateLoss.under(other, key)
    return implies(both, (one == other) & ~StateLoss.heard_twice(one))


@always(
    "S8",
    "Who starts again from a copy of itself is heard: whatever it has said and nobody has, can be opened.",
    source="Cremers, Medinger, Naska 2024: resilience against state loss",
    against="B",
    lean_on=[state_loss_lemmas.a_key_is_gone_once_its_remark_is_heard],
)
def who_starts_again_is_heard(remark: Remark, key: MessageKey) -> Formula:
    waits = StateLoss.under(remark, key) & ~StateLoss.forged(StateLoss.of(key)) & ~StateLoss.heard(remark)
    return implies(waits, possible(StateLoss.hear, remark, key) & accepted(StateLoss.hear, remark, key))
