"""Calls: a key for each device of the callee over its own session; who accepts first has the call. wire.md, section 13.

White paper, "Calls". The server carries signals; it can end a call, as it can cut any line, but neither start one
nor take part: an offer counts only from the device whose session opened it, and an acceptance brings the key back.
A device has one call at a time, and messages go on meanwhile. The key lives as long as the call.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from impl.address import Address
from impl.fanout import check_linked, listed_peers, sealed_content
from impl.receiving import commit, read
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.vouching import check_identity_noticed
from impl.wire.content import CallKey, encode

if TYPE_CHECKING:
    from impl.device import Device

KEY_SIZE = 32
ID_SIZE = 16
RING = 60
"""For how many seconds a call rings."""

State = Literal["calling", "ringing", "talking"]
Kind = Literal["offer", "accept", "reject", "terminate"]
Reason = Literal["", "busy", "declined", "elsewhere", "hung up", "timeout"]
Step = tuple[Literal["we", "they"], Kind]

TRANSITIONS: dict[State | None, dict[Step, State | None]] = {
    None: {
        ("we", "offer"): "calling",
        ("they", "offer"): "ringing",
    },
    "calling": {
        ("they", "accept"): "talking",
        ("they", "reject"): None,
        ("we", "terminate"): None,
    },
    "ringing": {
        ("we", "accept"): "talking",
        ("we", "reject"): None,
        ("they", "terminate"): None,
    },
    "talking": {
        ("we", "terminate"): None,
        ("they", "terminate"): None,
    },
}
"""What may happen in which state, and where it leads; None is a device without a call."""


@dataclass(frozen=True)
class Call:
    """`others` are the devices that it rings on, then the one that talks; `key` has 32 bytes; `since` is in seconds."""

    id: str
    state: State
    creator: Address
    others: tuple[Address, ...]
    key: bytes = field(repr=False)
    since: int


@dataclass(frozen=True)
class Signal:
    """What one device tells another of a call, by way of the server, which may change all but the ciphertext."""

    call: str
    creator: Address
    sender: Address
    recipient: Address
    kind: Kind
    reason: Reason = ""
    stanza: Stanza | None = None


def offer(device: Device, user: str, now: int) -> str:
    """Rings on every met device of `user`; answers with the call's id. Raises Refused."""
    own = check_linked(device)
    check_identity_noticed(device, user)
    others = tuple(listed_peers(device, user))
    check_reachable(user, others)
    call = Call(device.entropy(ID_SIZE).hex().upper(), "calling", own, others, device.entropy(KEY_SIZE), now)
    for address in others:
        _say(device, call, address, "offer", stanza=_sealed_key(device, call, address, now))
    _step(device, call, ("we", "offer"))
    return call.id


def accept(device: Device, now: int) -> None:
    """Takes the call that rings: its key goes back to who made it. Raises Refused."""
    call = current(device)
    check_step(call.state, ("we", "accept"))
    _say(device, call, call.creator, "accept", stanza=_sealed_key(device, call, call.creator, now))
    _step(device, call, ("we", "accept"))


def reject(device: Device) -> None:
    """Raises Refused unless a call rings."""
    call = current(device)
    _say(device, call, call.creator, "reject", "declined")
    _step(device, call, ("we", "reject"), "declined")


def hang_up(device: Device, reason: Reason = "hung up") -> None:
    """Ends a call that was made or taken. Raises Refused."""
    call = current(device)
    for address in call.others:
        _say(device, call, address, "terminate", reason)
    _step(device, call, ("we", "terminate"), reason)


def expire(device: Device, now: int) -> None:
    """A call that nobody took in time is over."""
    call = device.call
    if call is None or call.state == "talking" or now < call.since + RING:
        return
    if call.state == "calling":
        hang_up(device, "timeout")
    else:
        _end(device, call, "timeout")


def hear(device: Device, signal: Signal, now: int) -> None:
    """What another device has to say; of a call that is over, nothing matters any more. Raises Refused."""
    if signal.kind == "offer":
        _offered(device, signal, now)
    elif signal.call not in device.past_calls:
        call = current(device)
        check_of_this_call(call, signal)
        if signal.kind == "accept":
            _accepted(device, call, signal)
        elif signal.reason == "busy" and len(call.others) > 1:
            device.call = replace(call, others=_without(call, signal.sender))
        else:
            _stop_others(device, call, signal.sender)
            _step(device, call, ("they", signal.kind), signal.reason)


def told(device: Device, signal: Signal) -> None:
    """The server has it."""
    device.signals.pop((signal.call, signal.recipient, signal.kind), None)


def current(device: Device) -> Call:
    call = device.call
    if call is None:
        raise Refused("call_state", "there is no call")
    return call


def _offered(device: Device, signal: Signal, now: int) -> None:
    stanza = _sealed(signal)
    check_unused(device, signal.call)
    opened, peer, message = read(device, stanza)
    check_creator(device, signal, stanza)
    if not isinstance(message.body, CallKey):
        raise Refused("content", "not the key of a call")
    commit(device, stanza.sender, opened, peer)
    device.note_delivery(stanza)
    call = Call(signal.call, "ringing", stanza.sender, (stanza.sender,), message.body.key, now)
    if device.call is not None:
        device.past_calls[call.id] = "busy"
        _say(device, call, call.creator, "reject", "busy")
    else:
        _step(device, call, ("they", "offer"))


def _accepted(device: Device, call: Call, signal: Signal) -> None:
    """The first who accepts has the call."""
    stanza = _sealed(signal)
    opened, peer, message = read(device, stanza)
    check_accepts(call, signal, stanza)
    check_key(call, message.body)
    commit(device, stanza.sender, opened, peer)
    device.note_delivery(stanza)
    _stop_others(device, call, stanza.sender)
    _step(device, replace(call, others=(stanza.sender,)), ("they", "accept"))


def _stop_others(device: Device, call: Call, spoke: Address) -> None:
    """Where the call rang besides, it stops."""
    if call.state == "calling":
        for address in _without(call, spoke):
            _say(device, call, address, "terminate", "elsewhere")


def check_creator(device: Device, signal: Signal, stanza: Stanza) -> None:
    """Whose session opened the offer has made the call, whatever the server says, and is of another account."""
    if not signal.creator == signal.sender == stanza.sender or stanza.id != signal.call:
        raise Refused("call_creator", f"an offer of {stanza.sender} in the name of {signal.creator}")
    if stanza.sender.user == check_linked(device).user:
        raise Refused("call_creator", "an offer of the own account")


def check_accepts(call: Call, signal: Signal, stanza: Stanza) -> None:
    if signal.sender != stanza.sender or stanza.id != call.id:
        raise Refused("call_party", f"an acceptance of {stanza.sender} in the name of {signal.sender}")


def check_key(call: Call, body: object) -> None:
    if body != CallKey(call.key):
        raise Refused("call_key", "an acceptance without the key of the call")


def check_unused(device: Device, call_id: str) -> None:
    if call_id in device.past_calls or (device.call is not None and device.call.id == call_id):
        raise Refused("fresh", f"there was a call {call_id} already")


def check_of_this_call(call: Call, signal: Signal) -> None:
    if signal.call != call.id or signal.creator != call.creator or signal.sender not in call.others:
        raise Refused("call_party", f"{signal.sender} has no part in the call")


def check_reachable(user: str, devices: tuple[Address, ...]) -> None:
    if not devices:
        raise Refused("met", f"no device of {user} is known")


def _step(device: Device, call: Call, step: Step, reason: Reason = "") -> None:
    """The call goes on in the state to which `step` leads, or ends. Raises Refused."""
    state = device.call.state if device.call else None
    check_step(state, step)
    after = TRANSITIONS[state][step]
    if after is None:
        _end(device, call, reason)
    else:
        device.call = replace(call, state=after)


def check_step(state: State | None, step: Step) -> None:
    if step not in TRANSITIONS[state]:
        raise Refused("call_state", f"{' '.join(step)} while {state or 'without a call'}")


def _end(device: Device, call: Call, reason: Reason) -> None:
    """The key goes with the call; its id stays, so that no other call takes it."""
    device.past_calls[call.id] = reason
    device.call = None


def _say(
    device: Device, call: Call, recipient: Address, kind: Kind, reason: Reason = "", stanza: Stanza | None = None
) -> None:
    """Into the store, until the server has it. Who ends a call need not hear of what came before."""
    sender = check_linked(device)
    if kind == "terminate":
        device.signals.pop((call.id, recipient, "offer"), None)
    device.signals[call.id, recipient, kind] = Signal(call.id, call.creator, sender, recipient, kind, reason, stanza)


def _sealed_key(device: Device, call: Call, address: Address, now: int) -> Stanza:
    return sealed_content(device, address, encode(CallKey(call.key)), call.id, "message", now)


def _sealed(signal: Signal) -> Stanza:
    if signal.stanza is None:
        raise Refused("content", f"an {signal.kind} without a key")
    return signal.stanza


def _without(call: Call, address: Address) -> tuple[Address, ...]:
    return tuple(each for each in call.others if each != address)
