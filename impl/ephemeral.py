"""Disappearing messages: a timer for each chat, and what has expired goes. wire.md, section 13.

The newest setting of a chat counts, whoever of the two sides made it. A message disappears by its own timer, which
starts when a device sends or receives it, by that device's clock: the time that anybody else claims could be any.
In history the phone's clock counts, unless it is ahead: then the timer starts with the import. What has disappeared
from a device stays away, though others, whose clocks are behind, still tell of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl.durations import HOUR
from impl.messages import StoredMessage, forget
from impl.refusal import Refused
from impl.wire.content import TIMERS, ChatBody, Media, Text, Timer, TimerSetting

if TYPE_CHECKING:
    from impl.device import Device

SKEW = HOUR
"""By how many seconds others' clocks may be ahead; a setting of later times would outlive all that follow."""


def setting(device: Device, chat: str, seconds: int, now: int) -> TimerSetting:
    """What to send so that messages of `chat` disappear after `seconds`, newer than what counts so far."""
    known = device.timers.get(chat)
    return TimerSetting(seconds, max(now, known.set_at + 1 if known else 0))


def timed(device: Device, chat: str, body: ChatBody) -> ChatBody:
    """`body` with the timer of its chat, unless it has one."""
    timer = device.timers.get(chat)
    if isinstance(body, Text | Media) and body.timer is None and timer is not None:
        return replace(body, timer=timer)
    return body


def set_timer(device: Device, chat: str, said: TimerSetting, now: int) -> None:
    """Raises Refused for a setting from the future."""
    timer = Timer(said.seconds, said.set_at)
    check_clock(timer, now)
    learn(device, chat, timer, now)


def learn(device: Device, chat: str, timer: Timer, now: int) -> None:
    """A message repeats the state of its chat: who missed the setting learns it here."""
    known = device.timers.get(chat)
    if timer.seconds not in TIMERS or not is_present(timer, now):
        return
    # of two settings of one second the longer counts, on every device alike
    if known is None or (timer.set_at, timer.seconds) > (known.set_at, known.seconds):
        device.timers[chat] = timer


def is_expired(message: StoredMessage, now: int) -> bool:
    return message.expires_at is not None and message.expires_at <= now


def sweep(device: Device, now: int) -> None:
    """Deletes what has expired, with its medium, and what the outbox keeps of it for devices that were away."""
    for key in [key for key, expires_at in device.expiring.items() if expires_at <= now]:
        forget(device, key)
        device.expired[key] = now
        if key.author == device.address:
            device.outbox.pop(key.id, None)
            device.sent.pop(key.id, None)


def check_clock(timer: Timer, now: int) -> None:
    if not is_present(timer, now):
        raise Refused("clock", f"set at {timer.set_at}, which is more than {SKEW} seconds ahead")


def is_present(timer: Timer, now: int) -> bool:
    return timer.set_at <= now + SKEW
