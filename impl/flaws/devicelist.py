"""Flaws of device lists."""

from impl import consistency, list_expiry, lists
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
    Flaw(
        id="KF-13",
        where="device list",
        change="The hint about newer lists inside messages is ignored.",
        source="white paper, in-chat device consistency",
        breaks=("D4",),
        needs="N",
        owner=consistency,
        name="note",
        flawed=dropped,
    ),
    Flaw(
        id="KF-14",
        where="device list",
        change="An expired list is used.",
        source="white paper, device lists",
        breaks=("D5",),
        needs="N",
        owner=list_expiry,
        name="expire",
        flawed=dropped,
    ),
)
