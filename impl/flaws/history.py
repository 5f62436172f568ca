"""Flaws of history synchronisation."""

from impl import peer_messages
from impl.flaws.flaw import Flaw, dropped
from impl.history import sharing

FLAWS = (
    Flaw(
        id="KF-43",
        where="history",
        change="A companion imports history from a device that is not its phone.",
        source="CVE-2025-55177 by analogy; Matrix key forwarding",
        breaks=("H3", "F7"),
        needs="C N",
        owner=peer_messages,
        name="check_phone",
        flawed=dropped,
    ),
    Flaw(
        id="KF-44",
        where="history",
        change="The phone sends the bundle before it has checked the companion's device signature.",
        source="white paper",
        breaks=("H1",),
        needs="N",
        owner=sharing,
        name="check_device_signature",
        flawed=dropped,
    ),
)
