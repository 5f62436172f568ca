"""Lemmas about calls, for the properties that lean on them."""

from __future__ import annotations

from model.accounts import Device
from model.calls import Call, Calls
from model.language import Formula, implies, invariant


@invariant()
def only_the_caller_waits(device: Device, call: Call) -> Formula:
    own = (device == Calls.caller(call)) & Calls.offered(call)
    return implies(Calls.calling(device, call), own)


@invariant(only_the_caller_waits)
def who_is_connected_was_called(call: Call, device: Device) -> Formula:
    return implies(Calls.joined(call, device), Calls.offered(call))


@invariant(who_is_connected_was_called)
def who_waits_for_an_answer_has_none(call: Call, device: Device) -> Formula:
    return implies(Calls.joined(call, device), ~Calls.calling(Calls.caller(call), call))
