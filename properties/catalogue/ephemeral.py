"""Messages that end: what has disappeared stays away, and what is to be viewed once is."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.ephemeral import Ephemeral
from model.fanout import Fanout, Message, same_account
from model.history import History
from model.language import Formula, implies
from properties.lemmas import common as lemmas
from properties.property import always, step

PAPER = "white paper, disappearing messages"


@always(
    "E1",
    "An expired message is on no linked device: where its time has run out, it stays away, however it comes again.",
    source=PAPER,
    against="N",
)
def what_has_expired_stays_away(device: Device, message: Message) -> Formula:
    return implies(Ephemeral.gone(device, message), ~Ephemeral.there(device, message))


@always(
    "E2",
    "A medium to be viewed once is viewed once, on the phone of an account and nowhere else.",
    source="white paper, view once; view-once on companions, published 2024",
    against="N C",
    lean_on=[lemmas.a_phone_stays_with_its_owner, lemmas.what_was_viewed_was_on_a_phone],
)
def viewed_once(one: Device, other: Device, message: Message) -> Formula:
    both = Ephemeral.viewed(one, message) & Ephemeral.viewed(other, message) & same_account(one, other)
    once = ~Ephemeral.viewed_twice(one, message) & implies(both, one == other)
    return once & implies(Fanout.received(one, message) & Fanout.once(message), Accounts.phone(one))


@step(
    "E3",
    "What has disappeared from the phone is in no history that it packs from then on.",
    source="white paper, message history synchronization",
    against="-",
)
def no_history_of_what_has_gone(phone: Device, companion: Device, message: Message) -> Formula:
    packs = ~History.shared(phone, companion) & History.shared.after(phone, companion)
    new = ~History.bundled(companion, message) & History.bundled.after(companion, message)
    return implies(packs & Ephemeral.gone(phone, message), ~new)
