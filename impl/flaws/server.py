"""Flaws of the server."""

from impl.flaws.flaw import Flaw, dropped
from impl.server import Server

FLAWS = (
    Flaw(
        id="KF-22",
        where="server",
        change="A delivered message, or history notification, stays in the mailbox.",
        source="announcement",
        breaks=("F8", "H5"),
        needs="N",
        owner=Server,
        name="acknowledge",
        flawed=dropped,
    ),
)
