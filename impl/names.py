"""Push names: what a user wants to be called, shown to whoever has no better name. wire.md, sections 8.2 and 10.3.

It is set on any own device, as app state (`setting_pushName`), and told to the server, which adds it to what the
account sends (`notify`). No key stands behind it: the server can call anybody anything. So a name comes only from
somebody whose message was accepted, or from the own phone, and nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from impl.appstate import effects
from impl.appstate.actions import PushName

if TYPE_CHECKING:
    from impl.device import Device

LIMIT = 256
"""Characters. Official apps stop at 25."""

TOLD = 5000
"""So many names the phone tells a new companion, the newest."""

UNKNOWN = "-"
"""What a phone tells of somebody whose name it does not know; whatsmeow leaves it out, too."""


def own(device: Device) -> str | None:
    """What this account's user wants to be called."""
    said = effects.find(device, PushName)
    return said.name if said is not None and is_name(said.name) else None


def heard(device: Device, user: str, name: str) -> None:
    """The server said so, beside a message of `user` that was accepted."""
    own_user = None if device.address is None else device.address.user
    if user != own_user and is_name(name) and device.names.get(user) != name:
        device.names[user] = name


def told(device: Device, names: Iterable[tuple[str, str]]) -> None:
    """The phone says so; what this device has heard itself is as new."""
    for user, name in names:
        if user not in device.names:
            heard(device, user, name)


def to_tell(device: Device) -> tuple[tuple[str, str], ...]:
    """Users and their names, for another own device."""
    return tuple(islice(device.names.before(), TOLD))


def is_name(text: str) -> bool:
    return 0 < len(text) <= LIMIT and text != UNKNOWN
