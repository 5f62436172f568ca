"""What happens in calls, what is seen of it, and how their guards are broken in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from impl.calls import Kind
from impl.stanza import Stanza
from impl.wire.content import CallKey
from model.calls import Calls
from properties.conform.registry import observes, performs, violates
from properties.conform.violate import damaged, gets_in, signed_by_another
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Calls.offer)
def offer(world: World, call: str) -> None:
    world.lines.call(call)


@performs(Calls.forge)
def forge(world: World, call: str, device: str) -> None:
    world.lines.forge(call, device)


@performs(Calls.ring)
def ring(world: World, device: str, call: str, addressee: str) -> None:
    lines = world.lines
    signal = lines.offers.get((call, addressee))
    stanza = signal.stanza if signal and signal.stanza else lines.noise(lines.specs[call].caller, device, call)
    hear_offer(world, device, call, stanza)
    if addressee != device:
        lines.strays.add((device, call))


def hear_offer(world: World, device: str, call: str, stanza: Stanza) -> None:
    own = replace(stanza, recipient=world.address(device))
    world.device(device).hear_call(world.lines.offer(call, device, own), world.now)


@performs(Calls.accept)
def accept(world: World, device: str, call: str) -> None:
    world.lines.accept(device, call)


@performs(Calls.answer_as)
def answer_as(world: World, device: str, call: str, insider: str) -> None:
    world.lines.answer_as(device, call, insider)


@performs(Calls.connect)
def connect(world: World, call: str, device: str) -> None:
    lines = world.lines
    caller = lines.specs[call].caller
    signal = lines.answers.get((call, device))
    hear_acceptance(world, call, device, signal.stanza if signal else lines.noise(device, caller, call))


def hear_acceptance(world: World, call: str, device: str, stanza: Stanza | None) -> None:
    caller = world.lines.specs[call].caller
    world.device(caller).hear_call(world.lines.signal(call, device, caller, "accept", "", stanza), world.now)


@performs(Calls.end)
def end(world: World, device: str, call: str) -> None:
    """The server says that one at the other end has rejected it, or hung up."""
    lines, ending = world.lines, world.device(device)
    assert ending.call is not None
    kind: Kind = "reject" if ending.call.state == "calling" else "terminate"
    signal = lines.signal(call, lines.specs[call].caller, device, kind, "declined")
    ending.hear_call(replace(signal, sender=ending.call.others[0]), world.now)


@violates(Calls.ring, "intact", breaks="C3")
def the_offer_is_damaged(world: World, device: str, call: str, addressee: str) -> bool | None:
    stanza = world.lines.offers[call, addressee].stanza
    if stanza is None:
        return False
    hear_offer(world, device, call, damaged(stanza))
    return None


@violates(Calls.ring, "signatures", breaks="C3", refusals=("account_signature", "identity"))
def a_stranger_calls(world: World, device: str, call: str, addressee: str) -> None:
    """With a device signature of the adversary's; then sealed by it, with a proof that it has signed throughout."""
    stanza = world.lines.offers[call, addressee].stanza
    unsigned = signed_by_another(world, device, stanza) if stanza else None
    if unsigned and gets_in(lambda: hear_offer(world, device, call, unsigned)):
        return
    caller, key = world.lines.specs[call].caller, CallKey(world.entropy(32))
    hear_offer(world, device, call, world.adversary.impersonate_with(caller, device, key, world.lines.id_of(call)))


@violates(Calls.connect, "intact", breaks="C3")
def the_acceptance_is_damaged(world: World, call: str, device: str) -> bool | None:
    stanza = world.lines.answers[call, device].stanza
    if stanza is None:
        return False
    hear_acceptance(world, call, device, damaged(stanza))
    return None


@observes(Calls.offered)
def offered(world: World) -> Seen:
    specs = world.lines.specs.values()
    return {(call.name,): call.name in world.lines.ids for call in specs if not world.specs[call.caller].rogue}


@observes(Calls.keyed)
def keyed(world: World) -> Seen:
    return {(call, name): (call, name) in world.lines.offers for call in world.lines.specs for name in world.specs}


@observes(Calls.answered)
def answered(world: World) -> Seen:
    return {(call, name): (call, name) in world.lines.answers for call in world.lines.specs for name in world.specs}


@observes(Calls.heard)
def heard(world: World) -> Seen:
    lines = world.lines
    return {
        (name, call): (lines.id_of(call), world.address(spec.caller)) in device.deliveries
        for name, device in world.honest()
        for call, spec in lines.specs.items()
        if name != spec.caller
    }


@observes(Calls.heard_anothers)
def heard_anothers(world: World) -> Seen:
    return {
        (name, call): (name, call) in world.lines.strays for name, _ in world.honest() for call in world.lines.specs
    }


def in_state(world: World, state: str) -> Seen:
    return {
        (name, call): device.call is not None
        and (device.call.id, device.call.state) == (world.lines.id_of(call), state)
        for name, device in world.honest()
        for call in world.lines.specs
    }


@observes(Calls.calling)
def calling(world: World) -> Seen:
    return in_state(world, "calling")


@observes(Calls.ringing)
def ringing(world: World) -> Seen:
    return in_state(world, "ringing")


@observes(Calls.talking)
def talking(world: World) -> Seen:
    return in_state(world, "talking")


@observes(Calls.joined)
def joined(world: World) -> Seen:
    """While they talk, the caller knows with whom."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for call, spec in world.lines.specs.items():
        current = world.peek(spec.caller).call
        if current and (current.id, current.state) == (world.lines.id_of(call), "talking"):
            seen |= {(call, name): world.address(name) in current.others for name in world.specs}
    return seen
