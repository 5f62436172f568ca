"""View once: a medium that the recipients' phones alone get, and open a single time. wire.md, section 13.

The sender seals it for these phones and nobody else, so that neither a companion nor the server's care decides; the
server tells all other devices that there is something they do not get (`Unavailable`). After opening, key and
content are gone. In a group it goes to each phone over its session: a ciphertext for all would reach companions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from impl import attachments
from impl.address import PHONE, Address
from impl.messages import MessageKey
from impl.refusal import Refused
from impl.wire.content import ChatBody, Media

if TYPE_CHECKING:
    from impl.device import Device


def is_view_once(body: ChatBody) -> bool:
    return isinstance(body, Media) and body.view_once


def may_hold(address: Address) -> bool:
    return address.device == PHONE


def readers(addresses: Iterable[Address], chat: str) -> set[Address]:
    """For whom a view-once medium in a direct chat is sealed."""
    return {address for address in addresses if address.user == chat and may_hold(address)}


def readers_in_group(addresses: Iterable[Address], own: Address) -> tuple[Address, ...]:
    """For whom `own` seals it in a group, of its members' devices."""
    return tuple(address for address in addresses if address.user != own.user and may_hold(address))


def shareable(medium: Media | None) -> Media | None:
    """What history and backup may hold of a medium."""
    return None if medium is None or medium.view_once else medium


def open_(device: Device, key: MessageKey, blob: bytes, now: int) -> bytes:
    """The content, this once: nothing is left that would open it again. Raises Refused."""
    check_unopened(device, key)
    message, medium = attachments.announced(device, key)
    if not medium.view_once:
        raise Refused("view_once", f"{key.id} can be viewed as often as one likes")
    content = attachments.opened(medium, blob)
    device.opened[key] = now
    device.messages[key] = replace(message, media=None)
    return content


def note_unavailable(device: Device, key: MessageKey, now: int) -> None:
    """The server says that there is a message which this device does not get; only `opened_elsewhere` ends that."""
    device.unavailable.setdefault(key, now)


def opened_elsewhere(device: Device, message_id: str, by: Address) -> None:
    """The own phone says through the server that it has opened this."""
    if device.address is not None and by == Address(device.address.user, PHONE):
        for key in [key for key in device.unavailable if key.id == message_id]:
            del device.unavailable[key]


def check_may_hold(device: Device) -> None:
    if device.address is None or not may_hold(device.address):
        raise Refused("view_once", "a view-once medium is for phones alone")


def check_unopened(device: Device, key: MessageKey) -> None:
    if key in device.opened:
        raise Refused("opened_once", f"{key.id} was opened at {device.opened[key]}")
