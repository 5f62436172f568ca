"""Scopes about messages that end: `fading` and `viewing` are explored, `pocket` is for walks."""

from __future__ import annotations

from model.configuration import DeviceSpec, MessageSpec, Scope

PHONE, WEB = DeviceSpec("alice.phone", "alice", 0), DeviceSpec("alice.web", "alice", 1)
MALLORY = DeviceSpec("mallory.phone", "mallory", 0, rogue=True)


def _fading() -> Scope:
    """Alice's phone sends her companion a note that disappears."""
    return Scope(
        "fading",
        [PHONE, WEB],
        [("alice.1", "alice")],
        [MessageSpec("message 1", "alice.phone", "alice", ends="timer")],
        {"users": 1, "devices": 2, "lists": 1, "messages": 1},
    )


def _viewing() -> Scope:
    """Mallory sends alice's devices, the companion too, a medium to be viewed once."""
    return Scope(
        "viewing",
        [PHONE, WEB, MALLORY],
        [("alice.1", "alice")],
        [MessageSpec("lie 1", "mallory.phone", "alice", ends="view")],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 1, "lies": 1},
    )


def _pocket() -> Scope:
    """For walks: alice with a companion, bob, and mallory; notes that disappear, and media to be viewed once."""
    return Scope(
        "pocket",
        [PHONE, WEB, DeviceSpec("bob.phone", "bob", 0), MALLORY],
        [("alice.1", "alice"), ("alice.2", "alice")],
        [
            MessageSpec("message 1", "alice.phone", "bob", ends="timer"),
            MessageSpec("message 2", "alice.web", "bob", ends="timer"),
            MessageSpec("message 3", "bob.phone", "alice", ends="timer"),
            MessageSpec("message 4", "bob.phone", "alice", ends="view"),
            MessageSpec("message 5", "alice.web", "bob"),
            MessageSpec("lie 1", "mallory.phone", "alice", ends="view"),
            MessageSpec("lie 2", "mallory.phone", "alice", ends="timer"),
        ],
    )


POCKETS = {scope.name: scope for scope in (_fading(), _viewing(), _pocket())}
