"""History sync: to whom, from whom, and nothing left behind."""

from __future__ import annotations

from model.accounts import Accounts, Device, own_phone
from model.compromise import Compromise
from model.devicelist import DeviceLists
from model.fanout import Message
from model.history import History, had
from model.language import Formula, implies
from model.linking import Linking
from properties import lemmas
from properties.property import always, step

PAPER = "white paper, history synchronization"


@step(
    "H1",
    "History goes only to a device linked to the same account.",
    source=PAPER,
    against="N R",
    lean_on=[lemmas.nobody_vouches_for_a_rogue, lemmas.who_countersigned_has_joined],
)
def only_to_a_linked_companion(phone: Device, companion: Device) -> Formula:
    user = Accounts.owner(phone)
    shares = ~History.shared(phone, companion) & History.shared.after(phone, companion)
    listed = DeviceLists.names(DeviceLists.current(user), Accounts.index(companion))
    joined = Accounts.linked(companion) & (Accounts.account(companion) == user)
    return implies(shares, Accounts.phone(phone) & listed & Linking.vouched(user, companion) & joined)


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
    return implies(History.imported(companion, sender), own_phone(sender, companion) & Accounts.linked(companion))


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
    ],
)
def what_the_phone_had(companion: Device, phone: Device, message: Message) -> Formula:
    imported = History.imported(companion, phone) & ~Accounts.rogue(phone)
    same = History.recovered(companion, message) == History.bundled(companion, message)
    real = implies(History.recovered(companion, message), had(phone, message))
    return implies(imported, ~History.poisoned(companion) & same & real)


@always(
    "H5",
    "Blob and key are gone after the import.",
    source="announcement",
    against="N",
    lean_on=[lemmas.what_is_imported_was_announced, lemmas.no_honest_phone_counterfeits],
)
def nothing_left_behind(companion: Device, sender: Device) -> Formula:
    gone = ~History.blob(sender, companion) & ~History.key(sender, companion)
    return implies(History.imported(companion, sender), gone)
