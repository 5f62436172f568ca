"""A device that starts again from an old copy of itself: what it did since then it does not know, but others do.

Message keys that come next may have been used, in sessions and in groups. Two messages under one key tell whoever has
both ciphertexts something of each, and whoever has opened one refuses the other. So nothing more is sealed in chains
from before; they stay for what comes in. Nobody but who puts the copy in its place can tell that it is one.

Source: Cremers, Fairoze, Kiesl, Naska, "Clone Detection in Secure Messaging" (2020); libsignal archives sessions alike
(rust/protocol/src/state/session.rs, `archive_current_state`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.groups.membership import retire_key

if TYPE_CHECKING:
    from impl.device import Device


def begin_anew(device: Device) -> None:
    """Before anything is said to a device, a session is begun with it; before it is said to a group, a key is drawn."""
    for address, record in list(device.records.items()):
        device.records[address] = record.in_doubt()
    for group in list(device.own_sender_keys):
        retire_key(device, group)
