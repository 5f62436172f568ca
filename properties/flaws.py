"""Seeded flaws as the model sees them: the conditions that each takes away.

The implementation has the same flaws (`impl.flaws`). A flaw that is no missing condition, but a missing effect, is
in the implementation alone.
"""

from __future__ import annotations

from impl.flaws import GALLERY, Flaw
from model.language import ModelError
from properties.conditions import Without
from properties.words import hint

DROPPED: dict[str, tuple[tuple[str, str], ...]] = {
    "KF-01": (("linking.confirm", "linking_secret"), ("pairings.confirm", "linking_secret")),
    "KF-02": (("linking.confirm", "account_signature"), ("pairings.confirm", "account_signature")),
    "KF-04": (("fanout.meet", "account_signature"), ("fanout.meet", "device_signature")),
    "KF-05": (("linking.confirm", "secret_unused"), ("pairings.confirm", "secret_unused")),
    "KF-06": (("linking.scan", "not_a_phone"), ("linking.scan", "seat_free")),
    "KF-08": (("renewals.meet", "account_type"), ("renewals.hear", "account_type")),
    "KF-09": (("pairings.finish", "code"),),
    "KF-11": (("devicelist.show", "not_older"),),
    "KF-14": (("freshness.write", "in_force"),),
    "KF-17": (("fanout.receive", "own_copy"),),
    "KF-18": (
        ("history.import", "from_own_account"),
        ("demand.answer", "from_own_account"),
        ("demand.take", "from_own_account"),
    ),
    "KF-21": (("fanout.receive", "fresh"),),
    "KF-36": (("groups.send", "nobody_has_left"),),
    "KF-37": (("groups.send", "nobody_was_unlinked"),),
    "KF-38": (("groups.take_key", "member"),),
    "KF-39": (("groups.receive", "signature"),),
    "KF-43": (("history.import", "from_the_phone"), ("demand.take", "from_the_phone")),
    "KF-44": (("history.share", "device_signature"),),
    "KF-50": (("appstate.take", "patch_mac"),),
    "KF-51": (("appstate.take", "same_state"), ("appstate.take_snapshot", "snapshot_mac")),
    "KF-52": (("appstate.take_snapshot", "not_older"),),
    "KF-53": (("appstate.write", "nobody_has_left"),),
    "KF-55": (("appstate.take_keys", "from_own_account"), ("appstate.take_keys", "from_the_phone")),
    "KF-26": (("sessions.open", "prekey_there"),),
    "KF-33": (("state_loss.say", "begun_since"),),
    "KF-58": (("fanout.receive", "view_once"),),
}

# A scope where the flaw breaks a property, and the capabilities that this takes: with them alone it comes to that, with
# one of them less it does not. Nothing: the protocol breaks it by itself, and the adversary has but to wait.
TAKES: dict[str, tuple[str, str]] = {
    "KF-01": ("contact", "NC"),
    "KF-02": ("tiny", "PA"),
    "KF-04": ("tiny", ""),
    "KF-05": ("tiny", "N"),
    "KF-06": ("tiny", ""),
    "KF-08": ("renewed", "N"),
    "KF-09": ("posing", ""),
    "KF-11": ("tiny", "N"),
    "KF-14": ("stale", ""),
    "KF-17": ("contact", "C"),
    "KF-18": ("hearsay", "C"),
    "KF-21": ("tiny", "N"),
    "KF-26": ("prekeys", "N"),
    "KF-33": ("setback", "B"),
    "KF-36": ("group", ""),
    "KF-37": ("group", ""),
    "KF-38": ("insider", "M"),
    "KF-39": ("group", "P"),
    "KF-43": ("pretending", "N"),
    "KF-44": ("tiny", ""),
    "KF-50": ("settings", "N"),
    "KF-51": ("settings", "N"),
    "KF-52": ("forger", "NP"),
    "KF-53": ("settings", ""),
    "KF-55": ("stranger", "C"),
    "KF-58": ("viewing", "C"),
}


def flaw_of(id: str) -> Flaw:
    """The flaw with that id. ModelError names the nearest, and all there are."""
    if id.upper() not in GALLERY:
        raise ModelError(f"no flaw has the id {id!r}{hint(id.upper(), GALLERY)}")
    return GALLERY[id.upper()]


def dropped(id: str) -> Without:
    """The conditions that the flaw drops. ModelError if it drops none, or nobody knows it."""
    flaw = flaw_of(id)
    if flaw.id not in DROPPED:
        raise ModelError(f"{flaw.id} drops no condition of the model; seed it with `pentad conform --flaw {flaw.id}`")
    return frozenset(DROPPED[flaw.id])
