"""Whom most scopes are about. The adversary runs mallory's phone, and a ghost that claims to be alice's companion."""

from __future__ import annotations

from model.configuration import DeviceSpec

ALICE, WEB = DeviceSpec("alice.phone", "alice", 0), DeviceSpec("alice.web", "alice", 1)
BOB = DeviceSpec("bob.phone", "bob", 0)
GHOST = DeviceSpec("ghost", "alice", 1, rogue=True)
MALLORY = DeviceSpec("mallory.phone", "mallory", 0, rogue=True)
