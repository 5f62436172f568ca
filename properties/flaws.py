"""Seeded flaws as the model sees them: the conditions that each takes away.

The implementation has the same flaws (`impl.flaws`). A flaw that is no missing condition, but a missing effect, is
in the implementation alone.
"""

from __future__ import annotations

from model.language import ModelError
from properties.conditions import Without
from properties.words import hint

DROPPED: dict[str, tuple[tuple[str, str], ...]] = {
    "KF-01": (("linking.confirm", "linking_secret"),),
    "KF-02": (("linking.confirm", "account_signature"),),
    "KF-04": (("fanout.meet", "account_signature"), ("fanout.meet", "device_signature")),
    "KF-05": (("linking.confirm", "secret_unused"),),
    "KF-06": (("linking.scan", "not_a_phone"), ("linking.scan", "seat_free")),
    "KF-11": (("devicelist.show", "not_older"),),
    "KF-17": (("fanout.receive", "own_copy"),),
    "KF-18": (("history.import", "from_own_account"),),
    "KF-21": (("fanout.receive", "fresh"),),
    "KF-43": (("history.import", "from_the_phone"),),
    "KF-44": (("history.share", "device_signature"),),
}
EFFECTS = {
    "KF-19": "the sender leaves devices out",
    "KF-22": "the server keeps what it should delete",
}


def dropped(flaw: str) -> Without:
    """The conditions that the flaw drops. ModelError for a flaw that drops none, or that nobody knows."""
    name = flaw.upper()
    if name in EFFECTS:
        raise ModelError(
            f"{name} drops no condition of the model ({EFFECTS[name]}); `pentad conform --flaw {name}` does it"
        )
    if name not in DROPPED:
        raise ModelError(f"no flaw has the id {flaw!r}{hint(name, sorted(DROPPED | EFFECTS))}")
    return frozenset(DROPPED[name])
