"""Limits of groups."""

from __future__ import annotations

from model.accounts import Accounts, Device, User
from model.groups import Group, GroupMessage, Groups, SenderKey, another_of_its_maker
from model.language import Formula, implies, invariant
from properties.lemmas.groups import (
    FIXED,
    a_key_that_was_handed_out_was_drawn,
    there_is_one_key_for_a_message,
    who_has_a_key_was_met,
)
from properties.property import always, step


@invariant()
def members_belong(device: Device, group: Group, user: User) -> Formula:
    return implies(Groups.member(device, group, user), Groups.belongs(group, user))


@always(
    "KL-3",
    "A sender key goes only to devices of those whom the people in the group want in it.",
    source="Roesler, Mainka, Schwenk 2018; Albrecht, Dowling, Jones 2025: the server decides who is a member",
    against="N",
    lean_on=[members_belong, who_has_a_key_was_met, *FIXED],
)
def keys_go_to_who_belongs(key: SenderKey, device: Device) -> Formula:
    handed = Groups.handed(key, device) & ~Accounts.rogue(Groups.maker(key))
    return implies(handed, Groups.belongs(Groups.of(key), Accounts.account(device)))


@invariant()
def a_taken_key_was_handed_out(device: Device, key: SenderKey) -> Formula:
    return implies(Groups.taken(device, key), Groups.handed(key, device))


@invariant()
def one_key_is_in_use(key: SenderKey, other: SenderKey) -> Formula:
    both = Groups.drawn(key) & Groups.drawn(other) & another_of_its_maker(other, key)
    return implies(both, Groups.retired(key) | Groups.retired(other))


@invariant(a_taken_key_was_handed_out, a_key_that_was_handed_out_was_drawn, one_key_is_in_use)
def what_is_over_was_replaced(device: Device, key: SenderKey, other: SenderKey) -> Formula:
    newer = another_of_its_maker(other, key) & Groups.retired(key) & ~Groups.retired(other)
    return implies(newer & Groups.held(device, key) & Groups.taken(device, other), Groups.replaced(device, key))


@step(
    "KL-13",
    "Who has taken the sender key that is in use accepts nothing under one that its maker has retired.",
    source="sender keys name no order: for libsignal and for whoever follows it the last that came is the newest",
    against="N R",
    lean_on=[what_is_over_was_replaced, there_is_one_key_for_a_message],
)
def nothing_under_a_retired_key(
    device: Device, message: GroupMessage, sender: Device, key: SenderKey, other: SenderKey
) -> Formula:
    accepts = ~Groups.accepted(device, message, sender) & Groups.accepted.after(device, message, sender)
    over = Groups.under(message, key) & another_of_its_maker(other, key) & Groups.retired(key)
    return implies(accepts & over & Groups.taken(device, other), Groups.retired(other))
