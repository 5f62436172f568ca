"""App state: who writes it, and that a device has what its authors had, neither less nor older."""

from __future__ import annotations

from model.accounts import Accounts, Device, own_phone
from model.appstate import AppState, Patch, SyncKey, account_of, has_key, older
from model.compromise import adversarial
from model.devicelist import DeviceLists
from model.fanout import same_account
from model.language import Formula, every, implies, some
from model.linking import confirmed, genuine
from properties.lemmas import appstate as appstate_lemmas
from properties.lemmas import common as lemmas
from properties.property import always, step

PAPER = "white paper, application state synchronization"


@always(
    "A1",
    "Only patches by own devices are applied, or by whoever copied the key from one of them.",
    source=PAPER,
    against="N C P",
    lean_on=[
        appstate_lemmas.what_is_applied_and_what_it_follows_was_written,
        appstate_lemmas.what_is_applied_is_under_a_held_key,
        appstate_lemmas.a_held_key_is_of_the_own_phone,
        appstate_lemmas.whoever_it_was_written_through_has_the_key,
        appstate_lemmas.a_key_is_handed_to_a_companion_by_its_phone,
        lemmas.who_has_joined_has_both_signatures,
    ],
)
def by_own_devices(device: Device, patch: Patch) -> Formula:
    author, key = AppState.author(patch), AppState.under(patch)
    own = same_account(author, device) & genuine(author) & confirmed(author) & ~Accounts.rogue(author)
    insider = AppState.through(patch)
    leaked = adversarial(insider) & has_key(insider, key) & same_account(insider, device)
    right = AppState.written(patch) & own_phone(AppState.maker(key), device) & (own | leaked)
    return implies(AppState.applied(device, patch), right)


@step(
    "A2",
    "A device's state is a prefix of one sequence: nothing is left out, and it changes only for a higher version.",
    source=PAPER,
    against="N",
    lean_on=[
        appstate_lemmas.a_state_is_whole,
        appstate_lemmas.what_is_applied_and_what_it_follows_was_written,
        appstate_lemmas.what_is_applied_is_under_a_held_key,
        appstate_lemmas.a_held_key_is_of_the_own_phone,
        appstate_lemmas.the_server_has_one_sequence,
    ],
)
def a_prefix_that_grows(device: Device, patch: Patch, other: Patch) -> Formula:
    before, after = AppState.applied(device, patch), AppState.applied.after(device, patch)
    whole = implies(after & AppState.follows(patch, other), AppState.applied.after(device, other))
    higher = some(Patch, lambda last: AppState.applied.after(device, last) & AppState.lower(patch, last))
    kept = after | (higher & AppState.parted(account_of(patch)))
    return implies(before | after, whole & implies(before, kept))


@step(
    "A3",
    "A removed device reads no later patch: who has learned of its removal writes under a key drawn since.",
    source=PAPER,
    against="R",
    lean_on=[appstate_lemmas.nobody_had_left_who_was_handed_a_key, lemmas.what_was_learned_is_in_the_view],
)
def nothing_for_the_removed(patch: Patch, device: Device) -> Formula:
    author = AppState.author(patch)
    writes = ~AppState.written(patch) & AppState.written.after(patch) & ~Accounts.rogue(author)
    removed = DeviceLists.learned(author, Accounts.account(author), Accounts.index(device))
    key = AppState.under(patch)
    drawn_since = DeviceLists.retired(AppState.made_for(key), Accounts.index(device))
    return implies(writes & removed, drawn_since & ~AppState.handed(key, device))


@always(
    "A4",
    "Equal versions, equal state, as long as the server takes one patch for each version.",
    source=PAPER,
    against="N",
    lean_on=[
        appstate_lemmas.what_is_applied_and_what_it_follows_was_written,
        appstate_lemmas.what_is_applied_is_under_a_held_key,
        appstate_lemmas.a_held_key_is_of_the_own_phone,
        appstate_lemmas.the_server_has_one_sequence,
    ],
)
def one_patch_for_each_version(one: Device, two: Device, patch: Patch, other: Patch) -> Formula:
    both = AppState.applied(one, patch) & AppState.applied(two, other) & same_account(one, two)
    same_version = ~AppState.lower(patch, other) & ~AppState.lower(other, patch)
    return implies(both & same_version & ~AppState.parted(Accounts.account(one)), patch == other)


@step(
    "A5",
    "Once a device has seen a newer key in use, it takes nothing under an older one, which a removed device may have.",
    source="wire.md, section 11.1; zapo, src/appstate",
    against="R",
    lean_on=[appstate_lemmas.what_is_applied_is_under_a_held_key],
)
def nothing_under_a_retired_key(device: Device, patch: Patch, other: Patch) -> Formula:
    def lower(last: Patch) -> Formula:
        return implies(AppState.applied.after(device, last), ~AppState.lower(patch, last))

    added = ~AppState.applied(device, patch) & AppState.applied.after(device, patch) & every(Patch, lower)
    seen = AppState.applied(device, other) | AppState.applied.after(device, other)
    return implies(added & seen, ~older(patch, other))


@always(
    "A6",
    "A key for app state goes only to companions of the phone that drew it, and is taken only as it was sent.",
    source=PAPER,
    against="N R",
    lean_on=[
        lemmas.who_countersigned_has_joined,
        lemmas.who_was_met_has_both_signatures,
        lemmas.a_phone_stays_with_its_owner,
    ],
)
def keys_for_own_companions(key: SyncKey, device: Device) -> Formula:
    phone, goes, taken = AppState.maker(key), AppState.handed(key, device), AppState.took(device, key)
    own = own_phone(phone, device) & genuine(device) & confirmed(device) & Accounts.linked(device)
    return implies(goes | taken, implies(goes, own) & implies(taken, AppState.shared(device, key, key)))
