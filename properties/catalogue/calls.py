"""Calls: where they ring, who has them, and that all else goes on."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.calls import Call, Calls, called, holds
from model.fanout import listed_for, same_account
from model.language import Formula, implies
from model.linking import confirmed, genuine
from properties.lemmas import calls as call_lemmas
from properties.property import always, independent, step

PAPER = "white paper, calls"


@step(
    "C1",
    "Every device of the callee is offered the call under its own key, and no other device is.",
    source="announcement; " + PAPER,
    against="N P",
)
def offered_to_every_device(call: Call, device: Device) -> Formula:
    caller = Calls.caller(call)
    offers = ~Calls.offered(call) & Calls.offered.after(call)
    seals = ~Calls.keyed(call, device) & Calls.keyed.after(call, device) & ~Accounts.rogue(caller)
    complete = implies(offers & called(call, device), Calls.keyed.after(call, device))
    strays = ~Calls.heard_anothers(device, call) & Calls.heard_anothers.after(device, call)
    return complete & implies(seals, called(call, device)) & ~strays


@always(
    "C2",
    "A call occupies one device of the callee only, and a device has one call at a time.",
    source="announcement; " + PAPER,
    against="N",
    lean_on=[call_lemmas.who_waits_for_an_answer_has_none],
)
def one_device_one_call(device: Device, other: Device, call: Call, another: Call) -> Formula:
    ends = implies(Calls.joined(call, device) & Calls.joined(call, other), device == other)
    calls = implies(holds(device, call) & holds(device, another), call == another)
    return ends & calls


@step(
    "C3",
    "A call rings once, if that device of another account made it; who is connected rang and answered, both listed.",
    source=PAPER,
    against="N C",
)
def from_who_made_it(device: Device, call: Call) -> Formula:
    caller = Calls.caller(call)
    rings = ~Calls.ringing(device, call) & Calls.ringing.after(device, call)
    made = Calls.keyed(call, device) & genuine(caller) & confirmed(caller) & listed_for(device, caller)
    joins = ~Calls.joined(call, device) & Calls.joined.after(call, device)
    rang = Calls.keyed(call, device) & Calls.answered(call, device) & listed_for(caller, device)
    takes = ~Calls.answered(call, device) & Calls.answered.after(call, device) & ~Accounts.rogue(device)
    first = made & ~same_account(device, caller) & ~Calls.heard(device, call)
    return implies(rings, first) & implies(joins, rang) & implies(takes, listed_for(device, caller))


@independent(
    "C4",
    "While a device is in a call, it and all others go on with everything else.",
    of=[Calls.calling, Calls.ringing, Calls.talking],
    source="announcement",
    against="-",
)
def all_else_goes_on(actor: Device) -> Formula:
    return ~Accounts.rogue(actor)
