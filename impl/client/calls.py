"""Calls as a dialogue: what a device decided is stored, and said until the server has it. wire.md, section 13."""

from __future__ import annotations

from impl.calls import Signal
from impl.client.directory import meet_all
from impl.client.inbox import ALREADY_HERE, STALE_LIST
from impl.device import Device
from impl.dialogue import Flow, SignalCall, ask
from impl.refusal import Refused


def ring(device: Device, user: str, now: int) -> Flow[str]:
    """Calls a user; answers with the call's id. Raises Refused."""
    yield from meet_all(device, (user,), now)
    call_id = device.offer_call(user, now)
    yield from flush(device)
    return call_id


def take(device: Device, now: int) -> Flow[None]:
    """Raises Refused unless a call rings."""
    device.accept_call(now)
    yield from flush(device)


def reject(device: Device) -> Flow[None]:
    """Raises Refused unless a call rings."""
    device.reject_call()
    yield from flush(device)


def hang_up(device: Device) -> Flow[None]:
    """Raises Refused without a call."""
    device.hang_up()
    yield from flush(device)


def hear(device: Device, signal: Signal, now: int) -> Flow[None]:
    """One that was heard before is not heard again. Raises Refused."""
    device.expire_call(now)
    refusal = _attempt(device, signal, now)
    if refusal is not None and refusal.check in STALE_LIST:
        yield from meet_all(device, (signal.sender.user,), now)
        refusal = _attempt(device, signal, now)
    yield from flush(device)
    if refusal is not None and refusal.check != ALREADY_HERE:
        raise refusal


def _attempt(device: Device, signal: Signal, now: int) -> Refused | None:
    try:
        device.hear_call(signal, now)
    except Refused as refusal:
        return refusal
    return None


def flush(device: Device) -> Flow[None]:
    """Hands over what the server has not confirmed, oldest first."""
    for signal in list(device.signals.values()):
        yield from ask(SignalCall(signal))
        device.told_of_call(signal)
