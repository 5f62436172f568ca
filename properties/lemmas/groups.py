"""Lemmas about groups, for the properties that lean on them."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.fanout import Fanout
from model.groups import GroupMessage, Groups, SenderKey, is_key_of
from model.language import Formula, implies, invariant
from model.linking import confirmed, genuine
from properties.lemmas.common import (
    who_countersigned_has_joined,
    who_shows_a_qr_is_not_linked,
    who_was_met_has_both_signatures,
)

FIXED = [who_countersigned_has_joined, who_shows_a_qr_is_not_linked]
"""Both signatures stand behind a device: it changes its account no more."""


@invariant()
def what_is_sealed_is_under_a_key_of_its_author(message: GroupMessage, key: SenderKey) -> Formula:
    own = is_key_of(key, Groups.author(message), Groups.place(message))
    return implies(Groups.under(message, key), own & Groups.sealed(message))


@invariant()
def what_is_signed_is_sealed(message: GroupMessage) -> Formula:
    return implies(Groups.signed(message), Groups.sealed(message))


@invariant(what_is_sealed_is_under_a_key_of_its_author)
def there_is_one_key_for_a_message(message: GroupMessage, key: SenderKey, other: SenderKey) -> Formula:
    return implies(Groups.under(message, key) & Groups.under(message, other), key == other)


@invariant()
def a_key_that_was_handed_out_was_drawn(key: SenderKey, device: Device) -> Formula:
    honest = Groups.handed(key, device) & ~Accounts.rogue(Groups.maker(key))
    return implies(honest, Groups.drawn(key))


@invariant(who_was_met_has_both_signatures)
def who_has_a_key_was_met(key: SenderKey, device: Device) -> Formula:
    maker = Groups.maker(key)
    honest = Groups.handed(key, device) & ~Accounts.rogue(maker)
    return implies(honest, Fanout.met(maker, device) & (device != maker) & genuine(device) & confirmed(device))


@invariant(who_has_a_key_was_met, a_key_that_was_handed_out_was_drawn, *FIXED)
def a_key_in_use_is_with_members(key: SenderKey, device: Device) -> Formula:
    maker = Groups.maker(key)
    honest = Groups.handed(key, device) & ~Accounts.rogue(maker) & ~Groups.retired(key)
    return implies(honest, Groups.member(maker, Groups.of(key), Accounts.account(device)))


@invariant()
def a_held_key_was_taken(device: Device, key: SenderKey) -> Formula:
    return implies(Groups.held(device, key), Groups.taken(device, key))


@invariant()
def a_key_was_taken_from_a_vouched_device(device: Device, key: SenderKey) -> Formula:
    maker = Groups.maker(key)
    return implies(Groups.taken(device, key), genuine(maker) & confirmed(maker))


@invariant(a_held_key_was_taken, a_key_was_taken_from_a_vouched_device, *FIXED)
def a_held_key_is_of_a_member(device: Device, key: SenderKey) -> Formula:
    maker = Groups.maker(key)
    return implies(Groups.held(device, key), Groups.member(device, Groups.of(key), Accounts.account(maker)))


@invariant()
def what_is_within_reach_is_sealed(message: GroupMessage, device: Device) -> Formula:
    return implies(Groups.reached(message, device), Groups.sealed(message))


@invariant(what_is_within_reach_is_sealed)
def what_is_accepted_was_within_reach(device: Device, message: GroupMessage, sender: Device) -> Formula:
    return implies(Groups.accepted(device, message, sender), Groups.reached(message, device))
