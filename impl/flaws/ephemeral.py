"""Flaws of messages that end."""

from collections.abc import Callable

from impl import ephemeral, viewonce
from impl.device import Device
from impl.flaws.flaw import Flaw, dropped
from impl.phone import Phone

Sweep = Callable[[Device, int], None]


def _on_phones_alone(sweep: Sweep) -> Sweep:
    def sweep_phones(device: Device, now: int) -> None:
        if isinstance(device, Phone):
            sweep(device, now)

    return sweep_phones


FLAWS = (
    Flaw(
        id="KF-57",
        where="ephemeral",
        change="A companion ignores the timer.",
        source="disappearing messages",
        breaks=("E1",),
        needs="-",
        owner=ephemeral,
        name="sweep",
        flawed=_on_phones_alone,
    ),
    Flaw(
        id="KF-58",
        where="ephemeral",
        change="A medium to be viewed once is taken by a companion, too, and opens there again.",
        source="view-once on companions, published 2024",
        breaks=("E2",),
        needs="-",
        owner=viewonce,
        name="check_may_hold",
        flawed=dropped,
    ),
)
