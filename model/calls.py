"""Calls: a key for each device of the callee over its own session, and one of them has the call.

A call rings on every device of the callee that the caller has met and that is listed. Each gets the key of the call in
a ciphertext of its own; the device that takes the call brings the key back, and the first whose acceptance the caller
hears has it. A device has one call at a time, and goes on with all the rest meanwhile, as do the others.

The server carries what is said. It can keep it back, give it twice or to another device, and end any call, as it can
cut any line. It can neither start one nor take part.

Source: white paper, "Calls"; formats and order of checks in `impl/calls.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User, active, acts
from model.fanout import Fanout, listed_for, same_account
from model.language import Formula, Module, Relation, Sort, action, every, require, some, when
from model.linking import confirmed, genuine


class Call(Sort):
    """A call that one device makes to one account, on however many devices it rings."""


class Calls(Module):
    """Who was called, where it rings, and who talks."""

    caller = Relation(Call, gives=Device, frozen=True)
    callee = Relation(Call, gives=User, frozen=True)

    offered = Relation(Call)
    keyed = Relation(Call, Device)  # a ciphertext with the key of the call exists for this device
    heard = Relation(Device, Call)  # the device has opened that ciphertext
    heard_anothers = Relation(Device, Call)  # or one that was made for another device
    answered = Relation(Call, Device)  # a ciphertext exists in which this device brings the key back
    calling = Relation(Device, Call)  # it waits for an answer
    ringing = Relation(Device, Call)
    talking = Relation(Device, Call)
    joined = Relation(Call, Device)  # the caller has taken this one for the other end

    @action
    def offer(call: Call) -> None:
        """The caller seals a key for each device of the callee: {call} rings there."""
        caller = Calls.caller(call)
        acts(caller)
        when(
            active=active(caller),
            new=~Calls.offered(call),
            somebody_to_call=some(Device, lambda device: called(call, device)),
        )
        require(no_other_call=~busy(caller))
        Calls.offered[call] = True
        Calls.keyed[call, :] = lambda device: Calls.keyed(call, device) | called(call, device)
        Calls.calling[caller, call] = True

    @action
    def forge(call: Call, device: Device) -> None:
        """The adversary's own device seals the key of {call} for {device}."""
        when(
            adversary=Accounts.rogue(Calls.caller(call)),
            honest=~Accounts.rogue(device) & active(device),
            not_yet=~Calls.keyed(call, device),
        )
        Calls.keyed[call, device] = True

    @action
    def ring(device: Device, call: Call, addressee: Device) -> None:
        """The server gives {device} the offer of {call} that was made for {addressee}."""
        caller = Calls.caller(call)
        acts(device)
        when(active=active(device), another=device != caller)
        require(
            intact=Calls.keyed(call, addressee),
            for_this_device=addressee == device,
            fresh=~Calls.heard(device, call),
            signatures=genuine(caller) & confirmed(caller),
            author_listed=listed_for(device, caller),
            of_another_account=~same_account(device, caller),
        )
        Calls.ringing[device, call] = ~busy(device)
        Calls.heard[device, call] = True
        Calls.heard_anothers[device, call] = addressee != device
        Fanout.met[device, caller] = True

    @action
    def accept(device: Device, call: Call) -> None:
        """The user of {device} takes {call}, and the key goes back to the caller."""
        acts(device)
        when(rings=Calls.ringing(device, call))
        require(still_listed=listed_for(device, Calls.caller(call)))
        Calls.ringing[device, call] = False
        Calls.talking[device, call] = True
        Calls.answered[call, device] = True

    @action
    def answer_as(device: Device, call: Call, insider: Device) -> None:
        """The adversary's {device} brings back the key of {call}, which rings on {insider}, another of its devices."""
        when(
            adversary=Accounts.rogue(device),
            known=Accounts.rogue(insider) & Calls.keyed(call, insider),
            not_yet=~Calls.answered(call, device),
        )
        Calls.answered[call, device] = True

    @action
    def connect(call: Call, device: Device) -> None:
        """The server gives the caller of {call} the acceptance of {device}."""
        caller = Calls.caller(call)
        acts(caller)
        when(going_on=Calls.calling(caller, call) | Calls.talking(caller, call), another=device != caller)
        require(
            no_other_end=Calls.calling(caller, call),
            rang_there=Calls.keyed(call, device),
            intact=Calls.answered(call, device),
            still_listed=listed_for(caller, device),
        )
        Calls.calling[caller, call] = False
        Calls.talking[caller, call] = True
        Calls.joined[call, device] = True

    @action
    def end(device: Device, call: Call) -> None:
        """Somebody hangs up, or the server says so: {call} is over on {device}."""
        acts(device)
        when(going_on=holds(device, call))
        Calls.calling[device, call] = False
        Calls.ringing[device, call] = False
        Calls.talking[device, call] = False


def called(call: Any, device: Any) -> Formula:
    """The call is to ring on the device: the callee's, listed, and the caller has met it."""
    caller = Calls.caller(call)
    of_callee = (Accounts.account(device) == Calls.callee(call)) & (device != caller)
    return of_callee & listed_for(caller, device) & Fanout.met(caller, device)


def holds(device: Any, call: Any) -> Formula:
    """The device is in this call, or about to be."""
    return Calls.calling(device, call) | Calls.ringing(device, call) | Calls.talking(device, call)


def busy(device: Any) -> Formula:
    return ~every(Call, lambda call: ~holds(device, call))
