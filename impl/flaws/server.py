"""Flaws of the server."""

from impl.flaws.flaw import Flaw, dropped
from impl.server.mailboxes import Mailboxes

FLAWS = (
    Flaw(
        id="KF-22",
        where="server",
        change="A delivered message, or history notification, stays in the mailbox.",
        source="announcement",
        breaks=("F8", "H5"),
        needs="N",
        owner=Mailboxes,
        name="acknowledge",
        flawed=dropped,
    ),
)
