"""Who lives behind the server: accounts by name, and the number each is reached at. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """`companions` are linked before anybody else's client comes."""

    name: str
    user: str
    companions: tuple[str, ...] = ()


ALICE = Account("alice", "15550001001", ("alice-web",))
"""Whose phone links the client under test."""

BOB = Account("bob", "15550001002", ("bob-web",))
CAROL = Account("carol", "15550001003")

ACCOUNTS = (ALICE, BOB, CAROL)
GROUP = "town"
"""What everybody calls the group of all three."""

NUMBERS = {account.name: account.user for account in ACCOUNTS}

PROLOGUE = (
    ("bob", "alice", "Are you there?"),
    ("alice", "bob", "On my way."),
    ("carol", "alice", "Bring the map."),
    ("bob", GROUP, "Who has the map?"),
    ("alice", GROUP, "I do."),
)
"""What was said before, by whom and to whom: the history that a new companion gets."""
