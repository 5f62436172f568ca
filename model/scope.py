"""Finite scopes: how many users, devices, lists and messages there are when every state is visited.

A scope fixes every frozen relation, and gives every element the name that traces use: `alice.web`, `bob.1`.
Scopes are named (`small`) or spelled out (`users=2,devices=5,lists=3,messages=1`). Of the sorts in `model/kinds.py`
most scopes have no elements: relations and actions about them vanish there.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice

from model.configuration import DeviceSpec, MessageSpec, Scope, ScopeError
from model.doorsteps import DOORSTEPS
from model.households import HOUSEHOLDS
from model.kinds import GroupMessageSpec, GroupSpec, ReceiptSpec, SenderKeySpec
from model.newsstands import NEWSSTANDS
from model.parlours import PARLOURS
from model.people import ALICE, BOB, GHOST, MALLORY, WEB
from model.pockets import POCKETS

__all__ = ["SCOPES", "WALKED", "DeviceSpec", "MessageSpec", "Scope", "ScopeError", "scope", "sized"]

USERS = ("alice", "bob", "carol", "dave")
COMPANIONS = ("web", "desktop", "tablet", "portal", "laptop", "kiosk", "studio", "spare")
LIMITS = {"users": 4, "devices": 16, "lists": 16, "messages": 16, "rogues": 2, "lies": 6}


def sized(name: str = "", /, **sizes: int) -> Scope:
    """A scope by sizes, elements dealt by a fixed rule.

    `users` honest users with a phone each; `devices` their phones and companions, companions dealt in turn;
    `lists` device lists beyond everybody's first; `messages` between honest users; `rogues` 1 adds a ghost that
    claims to be alice's first companion, 2 also mallory with a phone; `lies` messages of theirs.
    """
    unknown = sizes.keys() - LIMITS.keys()
    if unknown:
        raise ScopeError(f"a scope has no size {min(unknown)!r}; it has: {', '.join(LIMITS)}")
    sizes = {"users": 2, "devices": 3, "lists": 1, "messages": 1, "rogues": 0, "lies": 0} | sizes
    for size, limit in LIMITS.items():
        least = 1 if size in ("users", "devices") else 0
        if not least <= sizes[size] <= limit:
            raise ScopeError(f"{size}={sizes[size]} is out of bounds; {least} to {limit} will do")
    users = USERS[: sizes["users"]]
    companions = sizes["devices"] - len(users)
    if companions < 0:
        raise ScopeError(f"devices={sizes['devices']} is fewer than one phone for each of {len(users)} users")
    devices = [DeviceSpec(f"{user}.phone", user, 0) for user in users]
    for i in range(companions):
        user = users[i % len(users)]
        devices.append(DeviceSpec(f"{user}.{COMPANIONS[i // len(users)]}", user, i + 1))
    linked = list(dict.fromkeys(d.owner for d in devices if not d.phone)) or [users[0]]
    owners = list(islice(cycle(linked), sizes["lists"]))
    lists = [(f"{user}.{owners[:i].count(user) + 1}", user) for i, user in enumerate(owners)]
    messages = _messages(users, [d.name for d in devices], sizes["messages"])
    if sizes["rogues"] >= 1:
        devices.append(GHOST)
    if sizes["rogues"] >= 2:
        devices.append(MALLORY)
    messages += _lies(devices, users, sizes["lies"])
    described = {k: v for k, v in sizes.items() if v}
    return Scope(name or ",".join(f"{k}={v}" for k, v in described.items()), devices, lists, messages, sizes)


def _messages(users: tuple[str, ...], devices: list[str], count: int) -> list[MessageSpec]:
    """Everybody writes in turn, bob's phone first: to alice if it is not alice, else to bob."""
    order = sorted(devices, key=lambda d: (devices.index(d) >= len(users), -devices.index(d)))
    authors = list(islice(cycle(order), count))
    to = {a: users[0] if not a.startswith(f"{users[0]}.") else users[-1] for a in authors}
    return [MessageSpec(f"message {i + 1}", author, to[author]) for i, author in enumerate(authors)]


def _lies(devices: list[DeviceSpec], users: tuple[str, ...], count: int) -> list[MessageSpec]:
    rogues = [d.name for d in devices if d.rogue]
    if count and not rogues:
        raise ScopeError("lies need somebody to tell them: give rogues=1 or rogues=2")
    authors = list(islice(cycle(reversed(rogues)), count))
    return [MessageSpec(f"lie {i + 1}", a, users[0], posed=i % 4 < 2) for i, a in enumerate(authors)]


def _crowd() -> Scope:
    """Too many for every state, enough for every guard: five companions for alice, a ghost among them, mallory."""
    devices = [ALICE, BOB]
    devices += [DeviceSpec(f"alice.{kind}", "alice", i + 1) for i, kind in enumerate(COMPANIONS[:5])]
    devices += [DeviceSpec("bob.web", "bob", 6), GHOST, MALLORY]
    lists = [(f"alice.{i + 1}", "alice") for i in range(8)] + [(f"bob.{i + 1}", "bob") for i in range(3)]
    messages = [
        MessageSpec("message 1", "bob.phone", "alice"),
        MessageSpec("message 2", "alice.phone", "bob"),
        MessageSpec("message 3", "alice.web", "bob"),
        MessageSpec("message 4", "bob.web", "alice"),
        MessageSpec("message 5", "alice.desktop", "bob"),
        MessageSpec("message 6", "alice.tablet", "bob"),
        MessageSpec("message 7", "bob.phone", "alice"),
        MessageSpec("message 8", "alice.portal", "alice"),
        MessageSpec("lie 1", "mallory.phone", "alice", posed=True),
        MessageSpec("lie 2", "ghost", "bob"),
        MessageSpec("lie 3", "mallory.phone", "alice"),
        MessageSpec("lie 4", "ghost", "alice", posed=True),
    ]
    receipts = [("message 1", "alice.phone"), ("message 2", "bob.phone"), ("message 5", "bob.web")]
    return Scope(
        "crowd",
        devices,
        lists,
        messages,
        receipts=[ReceiptSpec(f"receipt {n}", *row) for n, row in enumerate(receipts, 1)],
    )


def _group() -> Scope:
    """Alice talks to her own companion in a group, links it and unlinks it."""
    devices = [ALICE, WEB]
    return Scope(
        "group",
        devices,
        [("alice.1", "alice"), ("alice.2", "alice")],
        [],
        {"users": 1, "devices": 2, "lists": 2, "groups": 1, "sender_keys": 2, "group_messages": 2},
        groups=[GroupSpec("family", "alice")],
        sender_keys=_keys("family", {"alice.phone": 2}),
        group_messages=_said("family", "alice.phone", "alice.phone"),
    )


def _insider() -> Scope:
    """Mallory is in one group with alice; in the other nobody wants her."""
    devices = [ALICE, MALLORY]
    return Scope(
        "insider",
        devices,
        [],
        [],
        {"users": 1, "devices": 1, "rogues": 1, "groups": 2, "sender_keys": 3, "group_messages": 4},
        groups=[GroupSpec("family", "alice"), GroupSpec("friends", "alice mallory")],
        sender_keys=_keys("friends", {"alice.phone": 1, "mallory.phone": 1}) + _keys("family", {"alice.phone": 1}),
        group_messages=_said("friends", "alice.phone", "alice.phone", "mallory.phone") + _said("family", "alice.phone"),
    )


def _speaker() -> Scope:
    """What alice's companion says to her phone, until it is unlinked; a ghost claims to be that companion."""
    devices = [ALICE, WEB, GHOST]
    return Scope(
        "speaker",
        devices,
        [("alice.1", "alice"), ("alice.2", "alice")],
        [],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 2, "groups": 1, "sender_keys": 2, "group_messages": 1},
        groups=[GroupSpec("family", "alice")],
        sender_keys=_keys("family", {"alice.web": 1, "ghost": 1}),
        group_messages=_said("family", "alice.web"),
    )


def _circle() -> Scope:
    """Two groups, for walks: alice with a companion, bob with another, a ghost that claims to be hers, and mallory."""
    devices = [ALICE, BOB, WEB, DeviceSpec("bob.web", "bob", 2), GHOST, MALLORY]
    authors = {"alice.phone": 3, "alice.web": 2, "bob.phone": 3, "mallory.phone": 2, "ghost": 1}
    return Scope(
        "circle",
        devices,
        [("alice.1", "alice"), ("alice.2", "alice"), ("bob.1", "bob"), ("bob.2", "bob")],
        [],
        groups=[GroupSpec("family", "alice bob"), GroupSpec("friends", "alice bob mallory")],
        sender_keys=_keys("family", authors) + _keys("friends", {"alice.phone": 1, "mallory.phone": 1}),
        group_messages=_said("family", *authors, *authors, "alice.phone", "bob.phone")
        + _said("friends", "alice.phone", "mallory.phone"),
    )


def _keys(group: str, makers: Mapping[str, int]) -> list[SenderKeySpec]:
    """So many sender keys of each maker for a group."""
    return [
        SenderKeySpec(f"{maker} in {group}, key {n + 1}", maker, group)
        for maker, number in makers.items()
        for n in range(number)
    ]


def _said(group: str, *authors: str) -> list[GroupMessageSpec]:
    return [GroupMessageSpec(f"{group} {n}", author, group) for n, author in enumerate(authors, 1)]


SCOPES = {
    "tiny": sized("tiny", users=1, devices=2, lists=2, messages=1, rogues=1),
    "small": sized("small", users=2, devices=3, lists=1, messages=1),
    "contact": sized("contact", users=1, devices=2, lists=2, messages=1, rogues=2, lies=1),
    "medium": sized("medium", users=2, devices=3, lists=2, messages=1, rogues=1),
    "seats": sized("seats", users=1, devices=6, lists=5, messages=0),
    "group": _group(),
    "insider": _insider(),
    "speaker": _speaker(),
    **HOUSEHOLDS,
    **POCKETS,
    **PARLOURS,
    **NEWSSTANDS,
    **DOORSTEPS,
    "crowd": _crowd(),
    "circle": _circle(),
}
WALKED = (
    "seats",
    "crowd",
    "circle",
    "household",
    "pocket",
    "parlour",
    "newsstand",
    "doorstep",
)  # too many states to visit them all: for walks at random


def scope(text: str) -> Scope:
    """A scope by name, or by sizes: `users=2,devices=5,lists=3,messages=1`."""
    if text in SCOPES:
        return SCOPES[text]
    if "=" not in text:
        raise ScopeError(f"no scope is named {text!r}; there are {', '.join(SCOPES)}, or sizes like users=2,devices=5")
    sizes: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.strip().partition("=")
        if not number.strip().isdigit():
            raise ScopeError(f"{part.strip()!r} is no size; write for example users=2,devices=5,lists=3,messages=1")
        sizes[name.strip()] = int(number)
    return sized("", **sizes)
