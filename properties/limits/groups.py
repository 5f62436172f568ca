"""Limits of groups."""

from __future__ import annotations

from model.accounts import Accounts, Device, User
from model.groups import Group, Groups, SenderKey
from model.language import Formula, implies, invariant
from properties.group_lemmas import FIXED, who_has_a_key_was_met
from properties.property import always


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
