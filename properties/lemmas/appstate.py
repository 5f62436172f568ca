"""Lemmas about app state, for the properties that lean on them."""

from __future__ import annotations

from model.accounts import Accounts, Device, active
from model.appstate import AppState, Patch, SyncKey, account_of, has_key
from model.compromise import adversarial
from model.devicelist import DeviceLists
from model.fanout import same_account
from model.language import Formula, implies, invariant
from model.linking import confirmed, genuine
from properties.lemmas.common import (
    a_phone_stays_with_its_owner,
    a_retired_index_is_not_named,
    every_view_is_signed,
    nobody_vouches_for_a_rogue,
    retired_is_for_ever,
    the_current_list_is_the_newest,
    who_countersigned_has_joined,
    who_shows_a_qr_is_not_linked,
    who_was_met_has_both_signatures,
)


@invariant()
def keys_that_come_together_are_of_one_maker(device: Device, key: SyncKey, other: SyncKey) -> Formula:
    return implies(AppState.shared(device, key, other), AppState.maker(other) == AppState.maker(key))


@invariant(keys_that_come_together_are_of_one_maker, who_shows_a_qr_is_not_linked)
def a_held_key_is_of_the_own_phone(device: Device, key: SyncKey) -> Formula:
    maker = AppState.maker(key)
    own = Accounts.phone(maker) & same_account(maker, device)
    return implies(AppState.held(device, key), own & active(device) & ~Accounts.rogue(device))


@invariant(
    who_was_met_has_both_signatures,
    who_countersigned_has_joined,
    who_shows_a_qr_is_not_linked,
    nobody_vouches_for_a_rogue,
    a_phone_stays_with_its_owner,
)
def a_key_is_handed_to_a_companion_by_its_phone(key: SyncKey, device: Device) -> Formula:
    maker = AppState.maker(key)
    companion = Accounts.phone(maker) & same_account(maker, device) & (device != maker)
    vouched = genuine(device) & confirmed(device) & ~Accounts.phone(device) & ~Accounts.rogue(device)
    return implies(AppState.handed(key, device), companion & AppState.held(maker, key) & vouched)


@invariant(every_view_is_signed, the_current_list_is_the_newest, keys_that_come_together_are_of_one_maker)
def a_key_is_for_a_list_that_its_phone_has_seen(key: SyncKey) -> Formula:
    maker, list = AppState.maker(key), AppState.made_for(key)
    user = Accounts.owner(maker)
    seen = DeviceLists.signed(user, list) & ~DeviceLists.older(DeviceLists.view(maker, user), list)
    return implies(AppState.held(maker, key), Accounts.phone(maker) & seen)


@invariant(
    a_key_is_handed_to_a_companion_by_its_phone,
    a_key_is_for_a_list_that_its_phone_has_seen,
    a_phone_stays_with_its_owner,
    a_retired_index_is_not_named,
    retired_is_for_ever,
    every_view_is_signed,
)
def nobody_had_left_who_was_handed_a_key(key: SyncKey, device: Device) -> Formula:
    gone = DeviceLists.retired(AppState.made_for(key), Accounts.index(device))
    return implies(AppState.handed(key, device), ~gone)


@invariant()
def whoever_it_was_written_through_has_the_key(patch: Patch) -> Formula:
    author, insider, key = AppState.author(patch), AppState.through(patch), AppState.under(patch)
    own = (insider == author) & ~Accounts.rogue(author) & AppState.held(author, key)
    copied = adversarial(insider) & has_key(insider, key)
    return implies(AppState.written(patch), own | copied) & implies(insider != author, AppState.written(patch))


@invariant(a_held_key_is_of_the_own_phone, a_key_is_handed_to_a_companion_by_its_phone)
def what_is_written_is_under_the_key_of_a_phone(patch: Patch) -> Formula:
    maker = AppState.maker(AppState.under(patch))
    return implies(AppState.written(patch), Accounts.phone(maker) | Accounts.rogue(maker))


@invariant()
def what_is_applied_and_what_it_follows_was_written(device: Device, patch: Patch, other: Patch) -> Formula:
    followed = implies(AppState.written(patch) & AppState.follows(patch, other), AppState.written(other))
    return implies(AppState.applied(device, patch), AppState.written(patch)) & followed


@invariant()
def a_state_is_whole(device: Device, patch: Patch, other: Patch) -> Formula:
    return implies(AppState.applied(device, patch) & AppState.follows(patch, other), AppState.applied(device, other))


@invariant()
def what_is_applied_is_under_a_held_key(device: Device, patch: Patch) -> Formula:
    return implies(AppState.applied(device, patch), AppState.held(device, AppState.under(patch)))


@invariant(what_is_written_is_under_the_key_of_a_phone)
def the_server_has_one_sequence(patch: Patch, other: Patch) -> Formula:
    both = AppState.written(patch) & AppState.written(other) & (account_of(patch) == account_of(other))
    in_line = (patch == other) | AppState.follows(patch, other) | AppState.follows(other, patch)
    return implies(both & ~AppState.parted(account_of(patch)), in_line)
