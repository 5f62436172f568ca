"""Scopes about sessions (`ratchet`, `prekeys`, `impostor`) and changed identities (`anew`, `renewed`).

`parlour` is for walks. The one device that every scope has stands beside them, and has nothing to do with it.
"""

from __future__ import annotations

from model.configuration import Scope
from model.kinds import (
    ChainSpec,
    ContactSpec,
    CopySpec,
    EndSpec,
    FellowSpec,
    LetterSpec,
    NoteSpec,
    PrekeySpec,
    RegistrationSpec,
    RosterSpec,
    SessionSpec,
    WatcherSpec,
)
from model.people import ALICE


def _parlour(
    name: str,
    sessions: list[tuple[str, str]],
    prekeys: list[str],
    chains: int,
    said: list[tuple[str, int]],
    contacts: list[str] | None = None,
) -> Scope:
    """`prekeys` by their owners; so many chains for each session; who says how many notes in each of its sessions.

    With `contacts` there is somebody who writes to them while they are registered anew.
    """
    pairs = list(enumerate(sessions, 1))
    ends = list(dict.fromkeys(end for pair in sessions for end in pair))
    rows: dict[str, list[object]] = {
        "ends": [EndSpec(end) for end in ends],
        "prekeys": [PrekeySpec(f"prekey {n}", owner) for n, owner in enumerate(prekeys, 1)],
        "sessions": [SessionSpec(f"session {n}", caller, called) for n, (caller, called) in pairs],
        "chains": [ChainSpec(f"chain {n}.{i + 1}", f"session {n}") for n, _ in pairs for i in range(chains)],
        "notes": [
            NoteSpec(f"note {n}.{author} {i + 1}", author, f"session {n}")
            for n, pair in pairs
            for author, count in said
            if author in pair
            for i in range(count)
        ],
    }
    rows["copies"] = [CopySpec(f"copy of {end}", end) for end in ends]
    rows |= _acquaintances(contacts, ["wanda"]) | _fellows(contacts, []) if contacts else {}
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope(name, [ALICE], [], [], sizes, **rows)


def _anew() -> Scope:
    """Dora and emil are registered anew; wanda writes to them."""
    rows = _acquaintances(["dora", "emil"], ["wanda"])
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope("anew", [ALICE], [], [], sizes, **rows)


def _renewed() -> Scope:
    """Dora, who has a companion, is registered anew and links another; emil's only other device is a hosted one."""
    rows = _acquaintances(["dora", "emil"], ["wanda"]) | _fellows(["dora"], ["emil"])
    rows["registrations"] = rows["registrations"][:3]
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope("renewed", [ALICE], [], [], sizes, **rows)


def _fellows(contacts: list[str], hosting: list[str]) -> dict[str, list[object]]:
    """A companion under each of the two registrations of contacts, a hosted device under the first of others; lists."""
    twice = [(name, n) for name in contacts for n in ("first", "second")]
    companions = [FellowSpec(f"{name}.web, {n}", f"{name}, {n}", False) for name, n in twice]
    others = [FellowSpec(f"{name}, hosted", f"{name}, first", True) for name in hosting]
    fellows = [*companions, *others]
    rosters = [RosterSpec(f"list of {fellow.registration}", fellow.registration) for fellow in fellows]
    return {"fellows": [*fellows], "rosters": [*rosters]}


def _acquaintances(contacts: list[str], watchers: list[str]) -> dict[str, list[object]]:
    """Each contact is registered twice; each watcher has something to say to each."""
    return {
        "contacts": [ContactSpec(name) for name in contacts],
        "watchers": [WatcherSpec(name) for name in watchers],
        "registrations": [RegistrationSpec(f"{name}, {n}", name) for name in contacts for n in ("first", "second")],
        "letters": [LetterSpec(f"to {to} by {by}", by, to) for by in watchers for to in contacts],
    }


PARLOURS = {
    scope.name: scope
    for scope in (
        _anew(),
        _renewed(),
        _parlour("ratchet", [("anna", "ben")], ["ben"], 5, [("anna", 2), ("ben", 2)]),
        _parlour("prekeys", [("anna", "ben"), ("carl", "ben")], ["ben"], 3, [("anna", 1), ("carl", 1)]),
        _parlour("impostor", [("anna", "ben"), ("anna", "ben")], ["ben"], 3, [("anna", 1), ("ben", 1)]),
        _parlour(
            "parlour",
            [("anna", "ben"), ("carl", "ben"), ("anna", "carl"), ("anna", "ben")],
            ["ben", "ben", "carl"],
            7,
            [("anna", 4), ("ben", 3), ("carl", 3)],
            ["dora"],
        ),
    )
}
