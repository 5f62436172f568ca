"""Querying the lists that hints put in doubt, and those that have grown old. wire.md, sections 4.5 and 4.6.

What is to be queried is in the store until it was: a crash in between queries again.
"""

from __future__ import annotations

from impl.client import linking
from impl.client.directory import meet_all
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import Flow
from impl.phone import Phone
from impl.refusal import Refused


def query_doubted(device: Device, now: int) -> Flow[list[Refused]]:
    """Queries each account in doubt, at most once a minute; answers with what was refused."""
    users = device.lists_to_query(now)
    if not users:
        return []
    refusals = yield from meet_all(device, users, now)
    device.lists_queried(users, now)
    return refusals


def check_ages(device: Device, now: int) -> Flow[list[Refused]]:
    """Once a day; a companion whose own list has expired leaves its account."""
    if isinstance(device, Phone) and device.reissue_list(now):
        yield from linking.reconcile(device, now)
    if not device.begin_list_check(now):
        return []
    refusals = yield from query_doubted(device, now)
    if isinstance(device, Companion) and device.own_list_expired(now):
        yield from linking.leave(device, now)
    else:
        device.end_list_check(now)
    return refusals
