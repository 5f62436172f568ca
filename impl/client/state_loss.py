"""Starting again from an old copy, as a dialogue: the own devices are met at once, all others before they are told."""

from __future__ import annotations

from impl.client.directory import meet_all
from impl.device import Device
from impl.dialogue import Flow
from impl.fanout import check_linked
from impl.refusal import Refused


def begin_anew(device: Device, now: int) -> Flow[list[Refused]]:
    """See `impl/state_loss.py`; answers with which of the own devices were not met, and why."""
    device.begin_anew()
    return (yield from meet_all(device, (check_linked(device).user,), now))
