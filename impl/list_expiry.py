"""Lists that grow old on a device: queried again in time, then used no longer. White paper, "Device lists"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl import consistency, lists
from impl.address import PHONE
from impl.durations import DAY
from impl.groups.membership import retire_key
from impl.list_validity import Verdict, verdict
from impl.peers import View

if TYPE_CHECKING:
    from impl.device import Device
    from impl.phone import Phone

REISSUE = 7 * DAY
"""How old a phone lets its list grow. Others query a list from its 28th day on and drop it on the 35th, and ours
as well as theirs may be offline for weeks: so a phone that was there once in three of the four weeks is in time."""


def judge(device: Device, user: str, now: int) -> Verdict:
    """What the known list of an account is worth."""
    content = device.views[user].list
    return verdict(
        content.timestamp,
        now,
        has_companions=any(index != PHONE for index in content.valid_indexes),
        expected=device.expected.get(user),
        last_check=device.queried.get(user),
    )


def begin_check(device: Device, now: int) -> bool:
    """Whether the check of the day is due; then lists are to be queried that are old or not the newest.

    The first check only waits for the next.
    """
    last = device.lists_checked
    if last is None:
        device.lists_checked = now
    if last is None or now - last < DAY:
        return False
    old = [user for user in device.views if awaited(device, user) or judge(device, user, now) != "fresh"]
    consistency.doubt_lists(device, old, now)
    return True


def awaited(device: Device, user: str) -> bool:
    """Whether a newer list than the known one must exist."""
    expected = device.expected.get(user)
    return expected is not None and expected.timestamp > device.views[user].list.timestamp


def end_check(device: Device, now: int) -> None:
    """Queries were made: what has expired still is used no longer, except the own list, which is for its owner."""
    own = device.address
    for user in list(device.views):
        if (own is None or user != own.user) and judge(device, user, now) == "expired":
            expire(device, user)
    device.lists_checked = now


def expire(device: Device, user: str) -> None:
    """Only the phone is left, until a newer list comes: sessions with companions go, and sender keys that they hold."""
    view = device.views[user]
    lists.take(device, user, View(view.signed, replace(view.list, valid_indexes=(PHONE,))))
    for group, known in device.groups.items():
        if user in known.members:
            retire_key(device, group)


def own_list_expired(device: Device, now: int) -> bool:
    """A companion whose phone no longer stands up for it."""
    own = device.address
    return own is not None and own.user in device.views and judge(device, own.user, now) == "expired"


def reissue(phone: Phone, now: int) -> bool:
    """The same list with a new date, if it is due. It goes to the server as soon as that is seen to have another."""
    own = phone.address.user
    due = bool(phone.live) and now - phone.views[own].list.timestamp >= REISSUE
    if due:
        lists.take(phone, own, lists.issue(phone, phone.live, max(phone.vouched), phone.next_timestamp(now)))
    return due
