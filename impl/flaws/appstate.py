"""Flaws of app state."""

from collections.abc import Callable

from impl.appstate import collection, sharing, syncing
from impl.flaws.flaw import Flaw, dropped


def _never(_: object) -> Callable[..., bool]:
    return lambda *args: False


FLAWS = (
    Flaw(
        id="KF-50",
        where="app state",
        change="The MAC of a patch is not checked.",
        source="white paper, application state synchronization",
        breaks=("A1",),
        needs="N",
        owner=collection,
        name="check_patch_code",
        flawed=dropped,
    ),
    Flaw(
        id="KF-51",
        where="app state",
        change="A mismatch of the homomorphic hash is ignored: a mutation was left out.",
        source="several open-source clients log and go on",
        breaks=("A2", "A1"),
        needs="N",
        owner=collection,
        name="check_snapshot_code",
        flawed=dropped,
    ),
    Flaw(
        id="KF-52",
        where="app state",
        change="A snapshot older than the own version is accepted.",
        source="rollback",
        breaks=("A2",),
        needs="N",
        owner=collection,
        name="check_not_older",
        flawed=dropped,
    ),
    Flaw(
        id="KF-53",
        where="app state",
        change="The key is not rotated when a companion is unlinked: what is written next is under the old one.",
        source="white paper, application state synchronization",
        breaks=("A3",),
        needs="R",
        owner=syncing,
        name="outdated",
        flawed=_never,
    ),
    Flaw(
        id="KF-55",
        where="app state",
        change="A key share is accepted from a device that is not mine.",
        source="CVE-2025-55177 (WhatsApp, linked-device synchronisation messages) by analogy",
        breaks=("F7", "A1"),
        needs="C N",
        owner=sharing,
        name="check_sharer",
        flawed=dropped,
    ),
)
