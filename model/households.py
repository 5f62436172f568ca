"""Scopes about app state: `settings`, `stranger` and `forger` are explored, `household` is for walks."""

from __future__ import annotations

from model.configuration import DeviceSpec, Scope
from model.kinds import PatchSpec, SyncKeySpec
from model.people import ALICE, GHOST, MALLORY


def _settings() -> Scope:
    """Alice's phone and companion write app state until that is unlinked; a ghost has its own key, or copies one."""
    return Scope(
        "settings",
        _alice("web"),
        [("alice.1", "alice"), ("alice.2", "alice")],
        [],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 2, "sync_keys": 3, "patches": 4},
        sync_keys=[*_drawn(2), SyncKeySpec("ghost's key", "ghost")],
        patches=[
            PatchSpec("patch 1", "alice.phone", "key 1", ""),
            PatchSpec("patch 2", "alice.web", "key 1", ""),
            PatchSpec("patch 3", "alice.phone", "key 2", "patch 1"),
            PatchSpec("lie 1", "ghost", "key 1", "patch 3"),
        ],
    )


def _stranger() -> Scope:
    """Mallory would like alice's companion to write under a key of hers."""
    devices = [*_alice("web")[:-1], MALLORY]
    return Scope(
        "stranger",
        devices,
        [("alice.1", "alice")],
        [],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 1, "sync_keys": 1, "patches": 1},
        sync_keys=[SyncKeySpec("mallory's key", "mallory.phone")],
        patches=[PatchSpec("lie 1", "mallory.phone", "mallory's key", "")],
    )


def _forger() -> Scope:
    """A ghost writes under the keys that it copies, the old one and the new one, on whatever branch it likes."""
    return Scope(
        "forger",
        _alice("web"),
        [("alice.1", "alice"), ("alice.2", "alice")],
        [],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 2, "sync_keys": 2, "patches": 5},
        sync_keys=_drawn(2),
        patches=[
            PatchSpec("patch 1", "alice.phone", "key 2", ""),
            PatchSpec("lie 1", "ghost", "key 1", ""),
            PatchSpec("lie 2", "ghost", "key 1", "lie 1"),
            PatchSpec("lie 3", "ghost", "key 2", ""),
            PatchSpec("lie 4", "ghost", "key 1", "lie 3"),
        ],
    )


def _household() -> Scope:
    """App state for walks: two companions, of which one may leave and tell its key, a ghost, and mallory."""
    return Scope(
        "household",
        [*_alice("web", "desktop"), MALLORY],
        [(f"alice.{i + 1}", "alice") for i in range(4)],
        [],
        sync_keys=[
            *_drawn(3),
            SyncKeySpec("web's key", "alice.web"),
            SyncKeySpec("ghost's key", "ghost"),
            SyncKeySpec("mallory's key", "mallory.phone"),
        ],
        patches=[
            PatchSpec("patch 1", "alice.phone", "key 1", ""),
            PatchSpec("patch 2", "alice.web", "key 1", ""),
            PatchSpec("patch 3", "alice.web", "key 1", "patch 1"),
            PatchSpec("patch 4", "alice.phone", "key 2", "patch 1"),
            PatchSpec("patch 5", "alice.desktop", "key 2", "patch 4"),
            PatchSpec("patch 6", "alice.phone", "key 2", "patch 3"),
            PatchSpec("lie 1", "ghost", "key 1", "patch 4"),
            PatchSpec("lie 2", "ghost", "key 1", "patch 1"),
            PatchSpec("lie 3", "ghost", "key 1", "lie 2"),
            PatchSpec("lie 4", "mallory.phone", "mallory's key", ""),
        ],
    )


def _alice(*companions: str) -> list[DeviceSpec]:
    """Her phone, her companions, and a ghost that claims to be the first of them."""
    names = enumerate(companions, 1)
    return [
        ALICE,
        *[DeviceSpec(f"alice.{name}", "alice", i) for i, name in names],
        GHOST,
    ]


def _drawn(number: int) -> list[SyncKeySpec]:
    return [SyncKeySpec(f"key {i + 1}", "alice.phone") for i in range(number)]


HOUSEHOLDS = {scope.name: scope for scope in (_settings(), _stranger(), _forger(), _household())}
