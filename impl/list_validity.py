"""When a device list is too old to be used: companions may be cut off by a server that withholds newer lists.

White paper, "Device lists"; the periods are the defaults of WhatsApp Web (`spec/abprops` of zapo: 35 days,
checked from 7 days before) and those that Cobalt lists (25 hours, 720 hours). All times are in seconds.

Once a list has expired, a device deletes its sessions with the companions of that account, makes new sender
keys for the groups that they share, sends to the phone alone, and queries the list again. A companion whose own
list has expired logs out. From the recheck on it only queries. A list without companions never expires, as
nothing of the above would change.
"""

from dataclasses import dataclass
from typing import Literal

from impl.durations import DAY, HOUR

EXPIRY = 35 * DAY
RECHECK = 28 * DAY
UNFULFILLED = 25 * HOUR
RECENT = 720 * HOUR  # how long messages date a list that names the phone alone, see hints

Verdict = Literal["fresh", "recheck", "expired"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A newer list that must exist: its timestamp as the server or a hint gave it, and when that was learned."""

    timestamp: int
    learned: int


def verdict(
    timestamp: int,
    now: int,
    *,
    has_companions: bool,
    expected: Expected | None = None,
    last_check: int | None = None,
) -> Verdict:
    """What a list of `timestamp` is worth at `now`; `last_check` is when the account was last queried."""
    if not has_companions:
        return "fresh"
    if now - timestamp >= EXPIRY or _overdue(timestamp, now, expected, last_check):
        return "expired"
    return "recheck" if now - timestamp >= RECHECK else "fresh"


def _overdue(timestamp: int, now: int, expected: Expected | None, last_check: int | None) -> bool:
    """Whether the newer list was asked for and did not come."""
    return (
        expected is not None
        and expected.timestamp > timestamp
        and now - expected.learned >= UNFULFILLED
        and last_check is not None
        and last_check > expected.learned
    )
