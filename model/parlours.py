"""Scopes about sessions (`ratchet`, `prekeys`, `impostor`), changed identities (`anew`, `renewed`) and devices that
start again (`setback`).

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
    MessageKeySpec,
    NoteSpec,
    PrekeySpec,
    RegistrationSpec,
    RemarkSpec,
    RosterSpec,
    SaveSpec,
    SessionSpec,
    StrandSpec,
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

    With `contacts` there is somebody who writes to them while they are registered anew; and two others start again.
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
    if contacts:
        again = _started_again("olga", "otto", strands=3, remarks=4)
        rows |= _acquaintances(contacts, ["wanda"]) | _fellows(contacts, [])
        rows |= again | {"ends": [*rows["ends"], *again["ends"]]}
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


def _setback() -> Scope:
    """Olga and otto start again from copies of themselves, while she speaks to him."""
    rows = _started_again("olga", "otto", strands=2, remarks=2)
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope("setback", [ALICE], [], [], sizes, **rows)


def _started_again(speaker: str, listener: str, strands: int, remarks: int) -> dict[str, list[object]]:
    """Two keys for each strand, and a copy of each end."""
    names = [f"strand {n + 1}" for n in range(strands)]
    return {
        "ends": [EndSpec(speaker), EndSpec(listener)],
        "strands": [StrandSpec(name, speaker, listener) for name in names],
        "message_keys": [MessageKeySpec(f"key {n + 1} of {name}", name) for name in names for n in range(2)],
        "remarks": [RemarkSpec(f"remark {n + 1}", speaker, listener) for n in range(remarks)],
        "saves": [SaveSpec(f"save of {end}", end) for end in (speaker, listener)],
    }


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
        _setback(),
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
