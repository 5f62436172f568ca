"""Groups: who gets a sender key, and what is accepted under it. Who is a member is the server's word (KL-3)."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.fanout import listed_for
from model.groups import GroupMessage, Groups, SenderKey, counted_in
from model.language import Formula, implies
from model.linking import confirmed, genuine
from properties.lemmas import common as lemmas
from properties.lemmas import groups as group_lemmas
from properties.property import always, step

PAPER = "white paper, group messages"


@step(
    "G1",
    "A sender key goes from members to members' devices only, and is taken from members' devices only.",
    source=PAPER + "; CVE-2022-39246 to -39251 (Matrix) by analogy",
    against="N C",
    lean_on=[lemmas.who_was_met_has_both_signatures],
)
def keys_among_members(key: SenderKey, device: Device) -> Formula:
    maker, group = Groups.maker(key), Groups.of(key)
    hands_out = ~Groups.handed(key, device) & Groups.handed.after(key, device) & ~Accounts.rogue(maker)
    members = Groups.member(maker, group, Accounts.account(maker)) & Groups.member(
        maker, group, Accounts.account(device)
    )
    takes = ~Groups.taken(device, key) & Groups.taken.after(device, key)
    from_a_member = Groups.member(device, group, Accounts.account(maker)) & listed_for(device, maker)
    return implies(
        hands_out | takes,
        implies(hands_out, members & listed_for(maker, device) & genuine(device) & confirmed(device))
        & implies(takes, from_a_member & genuine(maker) & confirmed(maker) & Groups.handed(key, device)),
    )


@step(
    "G2",
    "After a removal or an unlinking the next message is under a new key, which nobody outside has.",
    source=PAPER + "; Balbas, Collins, Gajland 2023; Albrecht, Dowling, Jones 2025",
    against="M R",
    lean_on=[
        group_lemmas.a_key_in_use_is_with_members,
        group_lemmas.what_is_sealed_is_under_a_key_of_its_author,
    ],
)
def a_key_that_nobody_outside_had(message: GroupMessage, key: SenderKey, device: Device) -> Formula:
    sends = ~Groups.signed(message) & Groups.signed.after(message) & ~Accounts.rogue(Groups.author(message))
    everybody_in = implies(Groups.handed.after(key, device), counted_in(message, device))
    return implies(sends & Groups.under.after(message, key), ~Groups.retired(key) & everybody_in)


@always(
    "G3",
    "Who joins reads nothing earlier: a message opens on no device that its author did not count in.",
    source=PAPER,
    against="N M R",
    lean_on=[
        group_lemmas.a_key_in_use_is_with_members,
        group_lemmas.what_is_accepted_was_within_reach,
    ],
)
def opens_only_where_it_was_meant_to(message: GroupMessage, device: Device, sender: Device) -> Formula:
    honest = Groups.signed(message) & ~Accounts.rogue(Groups.author(message))
    opens = Groups.reached(message, device) | Groups.accepted(device, message, sender)
    return implies(honest & opens, Groups.meant(message, device))


@step(
    "G4",
    "A group message comes from the device that signed it, and that is a member's.",
    source="sender keys; CVE-2022-39246 to -39251 (Matrix) by analogy",
    against="N C M",
    lean_on=[
        group_lemmas.what_is_sealed_is_under_a_key_of_its_author,
        group_lemmas.a_held_key_was_taken,
        group_lemmas.a_key_was_taken_from_a_vouched_device,
        group_lemmas.a_held_key_is_of_a_member,
    ],
)
def from_the_device_that_signed_it(device: Device, message: GroupMessage, sender: Device) -> Formula:
    accepts = ~Groups.accepted(device, message, sender) & Groups.accepted.after(device, message, sender)
    member = Groups.member(device, Groups.place(message), Accounts.account(sender)) & listed_for(device, sender)
    its_own = (sender == Groups.author(message)) & Groups.signed(message)
    return implies(accepts, its_own & member & genuine(sender) & confirmed(sender))


@step(
    "G5",
    "Of the keys of one sender the last that came counts: nothing is accepted under one that came before it.",
    source=PAPER,
    against="N M R",
    lean_on=[group_lemmas.there_is_one_key_for_a_message],
)
def nothing_under_a_replaced_key(device: Device, message: GroupMessage, sender: Device, key: SenderKey) -> Formula:
    accepts = ~Groups.accepted(device, message, sender) & Groups.accepted.after(device, message, sender)
    return implies(accepts & Groups.under(message, key), ~Groups.replaced(device, key) & Groups.held(device, key))


@always("G6", "A group message, and a sender key, is accepted at most once.", source=PAPER, against="N")
def accepted_once(device: Device, message: GroupMessage, key: SenderKey) -> Formula:
    return ~Groups.accepted_twice(device, message) & ~Groups.taken_twice(device, key)
