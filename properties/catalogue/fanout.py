"""Fan-out: every device gets its own ciphertext, and only what was meant for it."""

from __future__ import annotations

from model.accounts import Accounts, Device, User, active
from model.appstate import AppState, SyncKey
from model.compromise import Compromise, adversarial
from model.demand import Demand, Query
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message, listed_for, looks_like_own_copy, on_either_side, reader, same_account
from model.history import History
from model.language import Formula, accepted, every, implies, possible, some
from model.linking import confirmed, genuine
from model.receipts import Receipts
from model.retry import Request, Retries
from properties.lemmas import common as lemmas
from properties.property import Steps, always, independent, progress, step

PAPER = "white paper, client fan-out"


@step(
    "F1",
    "Complete: a message is encrypted for every device in the sender's views, itself excepted.",
    source=PAPER,
    against="-",
)
def complete(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    sends = ~Fanout.sent(message) & Fanout.sent.after(message) & ~Accounts.rogue(author)
    side = (Accounts.account(device) == Fanout.to(message)) | (Accounts.account(device) == Accounts.account(author))
    listed = DeviceLists.names(DeviceLists.view(author, Accounts.account(device)), Accounts.index(device))
    wanted = side & listed & Fanout.met(author, device) & (device != author) & reader(message, device)
    return implies(sends & wanted, Fanout.sealed.after(message, device) & Fanout.mailbox.after(message, device))


@step(
    "F2",
    "Sound: a message is encrypted for no other device.",
    source=PAPER,
    against="N",
    lean_on=[lemmas.who_was_met_has_both_signatures],
)
def sound(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    seals = ~Fanout.sealed(message, device) & Fanout.sealed.after(message, device) & ~Accounts.rogue(author)
    backed = genuine(device) & confirmed(device) & (device != author)
    return implies(seals, on_either_side(message, device) & listed_for(author, device) & backed)


@always("F3", "One ciphertext opens on one device.", source="announcement", against="N P")
def opens_on_one_device(message: Message, device: Device) -> Formula:
    return ~Fanout.opened_anothers(device, message)


@step(
    "F4",
    "An accepted message was sent by that device of that user, and the device is on that user's list.",
    source="white paper, message encryption",
    against="N C",
    lean_on=[lemmas.a_sealed_message_was_sent],
)
def accepted_from_its_author(device: Device, message: Message) -> Formula:
    author = Fanout.author(message)
    accepts = ~Fanout.received(device, message) & Fanout.received.after(device, message)
    backed = genuine(author) & confirmed(author) & listed_for(device, author)
    return implies(accepts, Fanout.sent(message) & backed)


@always("F5", "A message is accepted at most once.", source="white paper, message encryption", against="N")
def accepted_once(device: Device, sender: Device) -> Formula:
    messages = every(Message, lambda message: ~Fanout.received_twice(device, message))
    keys = every(SyncKey, lambda key: ~AppState.took_twice(device, key))
    return messages & keys & ~History.imported_twice(device, sender)


@always(
    "F6",
    "An own-device copy is accepted only from an own device.",
    source="CVE-2022-39248 and CVE-2022-39255 (Matrix) by analogy",
    against="C N",
    lean_on=[lemmas.the_author_of_what_is_received_belongs_to_its_account, lemmas.who_countersigned_has_joined],
)
def own_copies_from_own_devices(device: Device, message: Message) -> Formula:
    author = Fanout.author(message)
    copy = Fanout.received(device, message) & looks_like_own_copy(message, device)
    active = Accounts.phone(device) | Accounts.linked(device)
    return implies(copy, same_account(author, device) & active)


@always(
    "F7",
    "A peer message (history, key share) is accepted only from an own device.",
    source="CVE-2025-55177",
    against="C N",
    lean_on=[lemmas.who_countersigned_has_joined, lemmas.who_shows_a_qr_is_not_linked],
)
def peer_messages_from_own_devices(companion: Device, sender: Device) -> Formula:
    own = same_account(sender, companion) & genuine(sender) & confirmed(sender) & Accounts.linked(companion)
    keys = some(SyncKey, lambda key: AppState.took(companion, key) & (AppState.maker(key) == sender))
    told = some(Query, lambda query: (Demand.of(query) == companion) & Demand.took(query, sender))
    return implies(History.imported(companion, sender) | keys | told, own)


@always(
    "F8",
    "The server holds nothing that was delivered.",
    source="announcement",
    against="N",
    lean_on=[lemmas.a_received_message_was_sealed, lemmas.a_sealed_message_was_sent],
)
def nothing_kept_after_delivery(device: Device, message: Message) -> Formula:
    return implies(Fanout.received(device, message), ~Fanout.mailbox(message, device))


@always(
    "F9",
    "The adversary reads a message only through a compromised device that held it or its key.",
    source="announcement",
    against="N P R",
    lean_on=[
        lemmas.a_recipient_is_on_either_side,
        lemmas.a_received_message_was_sealed,
        lemmas.the_author_has_joined,
        lemmas.what_is_bundled_is_of_the_account,
        lemmas.what_is_known_was_sent,
        lemmas.what_is_told_is_of_the_account,
        lemmas.what_is_fetched_is_of_the_account,
        lemmas.what_is_recovered_was_bundled,
        lemmas.who_has_joined_has_both_signatures,
    ],
)
def read_only_through_a_recipient(device: Device, message: Message) -> Formula:
    author = Fanout.author(message)
    reads = Compromise.knows(device, message) | (Accounts.rogue(device) & Fanout.sealed(message, device))
    entitled = adversarial(device) & on_either_side(message, device) & genuine(device) & confirmed(device)
    return implies(reads & ~Accounts.rogue(author), entitled)


@independent(
    "F10",
    "No action of a companion depends on the phone being online.",
    of=[Accounts.offline],
    source="announcement",
    against="-",
)
def needs_no_phone(actor: Device) -> Formula:
    return ~Accounts.phone(actor)


@always(
    "F11",
    "Drained mailboxes mean equal conversations: what was encrypted for two devices, either has once it does not wait.",
    source="announcement",
    against="-",
)
def equal_conversations(message: Message, one: Device, other: Device) -> Formula:
    for_both = Fanout.sealed(message, one) & Fanout.sealed(message, other) & same_account(one, other)
    honest = ~Accounts.rogue(one) & ~Accounts.rogue(other)
    drained = ~Fanout.mailbox(message, one) & ~Fanout.mailbox(message, other)
    return implies(for_both & honest & drained, Fanout.received(one, message) & Fanout.received(other, message))


@always(
    "F13",
    "What waits for a companion, and would be accepted, can be delivered, whatever else is switched off.",
    source="announcement",
    against="-",
    lean_on=[lemmas.nobody_writes_to_itself],
)
def mail_can_always_be_delivered(message: Message, companion: Device) -> Formula:
    waits = Fanout.mailbox(message, companion) & Accounts.linked(companion) & ~Accounts.rogue(companion)
    delivery = Fanout.receive, companion, message, companion
    return implies(waits & ~Accounts.phone(companion) & accepted(*delivery), possible(*delivery))


@step(
    "F12",
    "A retry never encrypts to a key that the list does not vouch for, nor to whom the message was not for.",
    source="wire.md, section 8.7",
    against="N",
    lean_on=[lemmas.a_recipient_is_on_either_side],
)
def sealed_anew_for_its_recipient(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    anew = ~Retries.anew(message, device) & Retries.anew.after(message, device)
    meant = Fanout.sealed(message, device) & listed_for(author, device)
    return implies(anew, meant & genuine(device) & confirmed(device))


@step(
    "F15",
    "What a device has confirmed is never encrypted for it once more.",
    source="wire.md, section 8.7",
    against="N",
)
def nothing_again_to_who_has_it(request: Request) -> Formula:
    answers = ~Retries.answered(request) & Retries.answered.after(request)
    return implies(answers, ~Receipts.told(Retries.about(request), Retries.of(request)))


def shows_the_current_list(user: User, list: DeviceList) -> Formula:
    return list == DeviceLists.current(user)


def delivers_what_waits(device: Device, message: Message, addressee: Device) -> Formula:
    return Fanout.mailbox(message, addressee) & (addressee == device)


def list_first(message: Message, device: Device) -> Steps:
    user = Accounts.account(Fanout.author(message))
    listing = DeviceLists.show, device, user, DeviceLists.current(user)
    return [listing, (Fanout.receive, device, message, device)]


@progress(
    "F14",
    "Whatever has happened and whoever is switched off, a network that delivers brings all others what waits for them.",
    through={DeviceLists.show: shows_the_current_list, Fanout.receive: delivers_what_waits},
    way=list_first,
    source="announcement",
    against="-",
    lean_on=[
        equal_conversations,
        lemmas.every_view_is_signed,
        lemmas.nobody_writes_to_itself,
        lemmas.the_current_list_is_signed,
        lemmas.the_current_list_is_the_newest,
        lemmas.what_is_viewed_once_is_sealed_for_phones,
        lemmas.who_has_joined_has_both_signatures,
    ],
)
def mailboxes_drain(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    named = DeviceLists.names(DeviceLists.current(Accounts.account(author)), Accounts.index(author))
    still_there = ~Accounts.rogue(author) & active(author) & named
    on = implies(Accounts.phone(device), ~Accounts.offline(Accounts.owner(device)))
    can_hear = ~Accounts.rogue(device) & active(device) & on
    return implies(Fanout.sealed(message, device) & still_there & can_hear, Fanout.received(device, message))
