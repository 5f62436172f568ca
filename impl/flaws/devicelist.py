"""Flaws of device lists."""

from impl import lists
from impl.flaws.flaw import Flaw, dropped

FLAWS = (
    Flaw(
        id="KF-11",
        where="device list",
        change="An older signed list replaces a newer one.",
        source="white paper, device lists; Wichelmann et al. 2021 on device managing in Signal",
        breaks=("D2", "D3"),
        needs="N",
        owner=lists,
        name="check_not_older",
        flawed=dropped,
    ),
)
