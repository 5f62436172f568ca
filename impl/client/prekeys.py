"""Prekeys at the server: looked after whenever a client connects, and when the server says that few are left."""

from __future__ import annotations

from impl.device import Device
from impl.dialogue import CountPrekeys, Flow, OneTimePrekey, PublishPrekeys, ask


def publish(device: Device, now: int) -> Flow[None]:
    held = yield from ask(CountPrekeys())
    due = device.publish(held, now)
    fresh = tuple(OneTimePrekey(each, public) for each, public in due.one_time.items())
    yield from ask(PublishPrekeys(due.bundle, fresh))
