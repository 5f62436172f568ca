"""Who may hold an app state key: whom it was made for, and whoever was linked since. wire.md, section 11.1.

Each key says for which device list it was made, so that every device sees for itself when a holder has left, and
writes nothing with it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.fanout import check_linked
from impl.wire.adv import KeyIndexList
from impl.wire.appstate import KeyId
from impl.wire.content import SyncKey

if TYPE_CHECKING:
    from impl.device import Device


def outdated(device: Device, key_id: KeyId) -> bool:
    """Whether a device has left that may hold this key; without an own list nobody can tell."""
    view = device.views.get(check_linked(device).user)
    return view is None or somebody_left(device.sync_keys[key_id], view.list)


def somebody_left(key: SyncKey, devices: KeyIndexList) -> bool:
    since = sum(index > key.current_index for index in devices.valid_indexes)
    return (
        key.raw_id != devices.raw_id
        or not {*key.device_indexes} <= {*devices.valid_indexes}
        or since != max(0, devices.current_index - key.current_index)
    )
