"""History sync: to whom, from whom, and nothing left behind."""

from __future__ import annotations

from model.accounts import Accounts, Device, own_phone
from model.compromise import Compromise
from model.demand import Demand, Query
from model.devicelist import DeviceLists
from model.fanout import Message
from model.history import History, had
from model.language import Formula, every, implies, some
from model.linking import Linking
from properties.lemmas import common as lemmas
from properties.property import always, step

PAPER = "white paper, history synchronization"


@step(
    "H1",
    "History goes only to a device linked to the same account.",
    source=PAPER,
    against="N R",
    lean_on=[
        lemmas.nobody_vouches_for_a_rogue,
        lemmas.who_countersigned_has_joined,
        lemmas.a_phone_stays_with_its_owner,
        lemmas.a_phone_goes_by_its_own_list,
    ],
)
def only_to_a_linked_companion(phone: Device, companion: Device) -> Formula:
    user = Accounts.owner(phone)
    listed = DeviceLists.names(DeviceLists.current(user), Accounts.index(companion))
    joined = Accounts.linked(companion) & (Accounts.account(companion) == user)
    return implies(
        _packs_for(phone, companion), Accounts.phone(phone) & listed & Linking.vouched(user, companion) & joined
    )


@always(
    "H2",
    "The key of a history bundle never reaches the adversary, but through the companion it was made for.",
    source=PAPER,
    against="N P",
    lean_on=[lemmas.nobody_vouches_for_a_rogue],
)
def the_key_stays_secret(phone: Device, companion: Device) -> Formula:
    return implies(Compromise.knows_key(phone, companion), Accounts.compromised(companion))


@always(
    "H3",
    "History is accepted only from the own phone.",
    source="CVE-2025-55177 by analogy; Matrix key forwarding",
    against="C N",
    lean_on=[lemmas.who_shows_a_qr_is_not_linked],
)
def only_from_the_own_phone(companion: Device, sender: Device) -> Formula:
    accepted = History.imported(companion, sender) | _took_from(companion, sender)
    return implies(accepted, own_phone(sender, companion) & Accounts.linked(companion))


@always(
    "H4",
    "What is imported is what the phone had.",
    source=PAPER,
    against="N M",
    lean_on=[
        only_from_the_own_phone,
        lemmas.what_is_bundled_is_what_the_phone_has,
        lemmas.what_is_recovered_was_bundled,
        lemmas.what_is_imported_was_announced,
        lemmas.no_honest_phone_counterfeits,
        lemmas.what_is_fetched_is_what_the_phone_has,
        lemmas.no_honest_phone_answers_with_lies,
    ],
)
def what_the_phone_had(companion: Device, phone: Device, message: Message) -> Formula:
    imported = History.imported(companion, phone)
    accepted = (imported | _took_from(companion, phone)) & ~Accounts.rogue(phone)
    same = implies(imported, History.recovered(companion, message) == History.bundled(companion, message))
    real = implies(History.recovered(companion, message) | History.fetched(companion, message), had(phone, message))
    return implies(accepted, ~History.poisoned(companion) & same & real)


@always(
    "H5",
    "Blob and key are gone after the import.",
    source="announcement",
    against="N",
    lean_on=[
        lemmas.what_is_imported_was_announced,
        lemmas.no_honest_phone_counterfeits,
        only_from_the_own_phone,
        lemmas.what_is_taken_is_an_answer,
        lemmas.no_honest_phone_answers_with_lies,
        lemmas.a_phone_stays_with_its_owner,
    ],
)
def nothing_left_behind(companion: Device, sender: Device) -> Formula:
    gone = ~History.blob(sender, companion) & ~History.key(sender, companion)

    def is_over(query: Query) -> Formula:
        taken = (Demand.of(query) == companion) & Demand.took(query, sender)
        return implies(taken, ~Demand.blob(query) & ~Demand.key(query))

    accepted = History.imported(companion, sender) | _took_from(companion, sender)
    return implies(accepted, implies(History.imported(companion, sender), gone) & every(Query, is_over))


@step(
    "H6",
    "No history is packed for a companion that the phone has unlinked, not even on demand.",
    source=PAPER,
    against="R N",
    lean_on=[
        lemmas.a_retired_index_is_not_named,
        lemmas.a_phone_goes_by_its_own_list,
        lemmas.a_phone_stays_with_its_owner,
        lemmas.the_current_list_is_signed,
    ],
)
def nothing_after_unlinking(phone: Device, companion: Device) -> Formula:
    list = DeviceLists.current(Accounts.owner(phone))
    return implies(DeviceLists.retired(list, Accounts.index(companion)), ~_packs_for(phone, companion))


@step(
    "H7",
    "What a history tells once more changes nothing: on demand, a companion adds only what it lacks.",
    source="history merge; what came end to end counts more than the phone's word",
    against="N",
)
def only_what_is_lacking(companion: Device, message: Message) -> Formula:
    adds = ~History.fetched(companion, message) & History.fetched.after(companion, message)
    return implies(adds, ~had(companion, message))


@always(
    "H8",
    "A companion takes an answer only if it has asked, and once.",
    source="wire.md, section 10.4",
    against="N A",
)
def only_what_was_asked_for(query: Query, sender: Device) -> Formula:
    return implies(Demand.took(query, sender), Demand.asked(query)) & ~Demand.took_twice(query)


def _packs_for(phone: Device, companion: Device) -> Formula:
    """In this step, for the first time or on demand."""

    def answers(query: Query) -> Formula:
        theirs = (Demand.of(query) == companion) & (Demand.to(query) == phone)
        return theirs & ~Demand.answered(query) & Demand.answered.after(query)

    shares = ~History.shared(phone, companion) & History.shared.after(phone, companion)
    return shares | some(Query, answers)


def _took_from(companion: Device, sender: Device) -> Formula:
    return some(Query, lambda query: (Demand.of(query) == companion) & Demand.took(query, sender))
