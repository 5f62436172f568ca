"""A device's prekeys over time: one-time prekeys are made up for, the signed one is replaced, old ones are deleted.

Source: https://signal.org/docs/specifications/x3dh/ (section 3.2). Identifiers of both kinds come from one count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl.crypto.keys import KeyPair
from impl.sessions import PrekeyBundle
from impl.sessions.prekeys import FIRST_ID, expired, generate_one_time, generate_signed, rotation_due, shortage

if TYPE_CHECKING:
    from impl.device import Device


REGISTRATION_ID_LIMIT = 1 << 14


@dataclass(frozen=True)
class Publication:
    """What a device leaves with the server: a bundle without one-time prekey, and new one-time prekeys by id."""

    bundle: PrekeyBundle
    one_time: dict[int, bytes]


def begin(device: Device, now: int) -> None:
    """The keys of a new device: identity, registration id (1 to 16,383), a signed prekey."""
    device.identity = KeyPair.generate(device.entropy)
    device.registration_id = int.from_bytes(device.entropy(2)) % (REGISTRATION_ID_LIMIT - 1) + 1
    device.next_prekey = FIRST_ID
    rotate(device, now)


def publish(device: Device, held: int, now: int) -> Publication:
    """What is due, when the server holds so many one-time prekeys of this device."""
    if rotation_due(device.local.prekeys, now):
        rotate(device, now)
    for old in expired(device.local.prekeys, now):
        del device.signed_prekeys[old]
    fresh = {each: device.one_time_prekeys[each].public for each in add_one_time(device, shortage(held))}
    return Publication(device.local.bundle(None, device.device_identity), fresh)


def rotate(device: Device, now: int) -> None:
    """A new signed prekey; the former ones open what is under way for a while."""
    signed = generate_signed(device.identity, device.next_prekey, now, device.entropy)
    device.signed_prekeys[signed.id] = signed
    device.next_prekey += 1


def add_one_time(device: Device, count: int) -> range:
    """So many more one-time prekeys; answers with their identifiers."""
    first = device.next_prekey
    device.one_time_prekeys.update(generate_one_time(first, count, device.entropy))
    device.next_prekey = first + count
    return range(first, first + count)
