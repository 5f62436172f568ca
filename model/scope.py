"""Finite scopes: how many users, devices, lists and messages there are when every state is visited.

A scope fixes every frozen relation, and gives every element the name that traces use: `alice.web`, `bob.1`.
Scopes are named (`small`) or spelled out (`users=2,devices=5,lists=3,messages=1`). Of the sorts in `model/kinds.py`
most scopes have no elements: relations and actions about them vanish there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import cycle, islice
from typing import Any

from model.accounts import Accounts, Device, KeyIndex, User
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.kinds import KINDS, PatchSpec, SyncKeySpec
from model.language import ModelError, Relation, Sort
from model.linking import Seat

USERS = ("alice", "bob", "carol", "dave")
COMPANIONS = ("web", "desktop", "tablet", "portal", "laptop", "kiosk", "studio", "spare")
LIMITS = {"users": 4, "devices": 16, "lists": 16, "messages": 16, "rogues": 2, "lies": 6}


class ScopeError(ModelError):
    """No such scope: says which there are, or which size is out of bounds."""


@dataclass(frozen=True)
class DeviceSpec:
    """One device of the configuration. `index` is its key index, `rogue` that the adversary runs it."""

    name: str
    owner: str
    index: int
    rogue: bool = False

    @property
    def phone(self) -> bool:
        return self.index == 0


@dataclass(frozen=True)
class MessageSpec:
    """One message: who writes it to whom, and whether a rogue author dresses it up as an own-device copy."""

    name: str
    author: str
    to: str
    posed: bool = False


class Scope:
    """A finite configuration: the elements of every sort by name, and the value of every frozen relation."""

    def __init__(
        self,
        name: str,
        devices: Iterable[DeviceSpec],
        lists: Iterable[tuple[str, str]],
        messages: Iterable[MessageSpec],
        sizes: Mapping[str, int] | None = None,
        **more: Iterable[Any],
    ) -> None:
        """`more` are the elements of sorts that few scopes have, by the key of their kind."""
        self.name, self.described = name, dict(sizes or {})
        self.more = {kind.key: list(more.pop(kind.key, ())) for kind in KINDS}
        if more:
            raise ScopeError(f"a scope has no {', '.join(more)}; it may have: {', '.join(self.more)}")
        self.devices, self.messages = list(devices), list(messages)
        users = list(dict.fromkeys(d.owner for d in self.devices))
        self.lists = [(f"{user}.0", user) for user in users] + list(lists)
        self.names: dict[type[Sort], list[str]] = {
            User: users,
            Device: [d.name for d in self.devices],
            KeyIndex: [str(i) for i in range(max(d.index for d in self.devices) + 1)],
            DeviceList: [name for name, _ in self.lists],
            Message: [m.name for m in self.messages],
            Seat: [f"seat {i + 1}" for i in range(4)],
            **{kind.sort: [row.name for row in self.more[kind.key]] for kind in KINDS},
        }
        self.frozen = self._frozen()

    def _frozen(self) -> dict[Relation, dict[tuple[int, ...], int]]:
        user, device = self.names[User].index, self.names[Device].index
        devices, lists, messages = (
            list(enumerate(self.devices)),
            list(enumerate(self.lists)),
            list(enumerate(self.messages)),
        )
        return {
            Accounts.owner: {(i,): user(d.owner) for i, d in devices},
            Accounts.phone: {(i,): int(d.phone) for i, d in devices},
            Accounts.rogue: {(i,): int(d.rogue) for i, d in devices},
            Accounts.index: {(i,): d.index for i, d in devices},
            Accounts.zero: {(i,): int(i == 0) for i in range(len(self.names[KeyIndex]))},
            DeviceLists.of: {(u, i): int(user(of) == u) for u in range(len(self.names[User])) for i, (_, of) in lists},
            DeviceLists.older: {(i, j): int(i < j) for i, _ in lists for j, _ in lists},
            DeviceLists.first: {(u,): u for u in range(len(self.names[User]))},
            Fanout.author: {(i,): device(m.author) for i, m in messages},
            Fanout.to: {(i,): user(m.to) for i, m in messages},
            Fanout.posed: {(i,): int(m.posed) for i, m in messages},
            **{relation: value for kind in KINDS for relation, value in kind.frozen(self).items()},
        }

    @property
    def sizes(self) -> dict[type[Sort], int]:
        return {sort: len(names) for sort, names in self.names.items()}

    def element(self, sort: type[Sort], name: str) -> int:
        """The number of the element of that name; ScopeError lists the names there are."""
        if name not in self.names[sort]:
            known = ", ".join(self.names[sort])
            raise ScopeError(f"scope {self.name} has no {sort.__name__} named {name!r}; it has: {known}")
        return self.names[sort].index(name)

    def to_json(self) -> dict[str, object]:
        """Everything needed to build the same scope again."""
        return {
            "name": self.name,
            "sizes": self.described,
            "devices": [[d.name, d.owner, d.index, d.rogue] for d in self.devices],
            "lists": [list(x) for x in self.lists[len(self.names[User]) :]],
            "messages": [[m.name, m.author, m.to, m.posed] for m in self.messages],
            **{key: [list(astuple(row)) for row in rows] for key, rows in self.more.items() if rows},
        }

    @classmethod
    def from_json(cls, data: object) -> Scope:
        """The scope that `to_json` wrote. ScopeError says which entry is none, or names what is not there."""
        if not isinstance(data, dict) or data.keys() - {kind.key for kind in KINDS} != _JSON.keys():
            raise ScopeError(f"a scope is a JSON object with exactly {', '.join(_JSON)}")
        for key, kind in _JSON.items():
            if not isinstance(data[key], kind):
                raise ScopeError(f"{key!r} of a scope must be {_KINDS[kind]}, not {data[key]!r}")
        for size, number in data["sizes"].items():
            _fits("sizes", [size, number], str, int)
        devices = [DeviceSpec(*_fits("devices", row, str, str, int, bool)) for row in data["devices"]]
        lists = [(name, user) for name, user in (_fits("lists", row, str, str) for row in data["lists"])]
        messages = [MessageSpec(*_fits("messages", row, str, str, str, bool)) for row in data["messages"]]
        rows = {kind: _list(kind.key, data) for kind in KINDS}
        more = {kind.key: [kind.spec(*_fits(kind.key, row, *kind.columns)) for row in rows[kind]] for kind in rows}
        _consistent(devices, lists, messages, more)
        return cls(data["name"], devices, lists, messages, data["sizes"], **more)

    def __str__(self) -> str:
        sizes = " ".join(f"{k}={v}" for k, v in self.described.items() if v)
        return f"{self.name}: {sizes}" if self.name != sizes.replace(" ", ",") else sizes


_JSON: dict[str, type] = {"name": str, "sizes": dict, "devices": list, "lists": list, "messages": list}
_KINDS = {str: "text", dict: "an object", list: "a list", int: "a number", bool: "true or false"}


def _fits(key: str, row: object, *kinds: type) -> list[Any]:
    if not isinstance(row, list) or [type(value) for value in row] != list(kinds):
        expected = ", ".join(_KINDS[kind] for kind in kinds)
        raise ScopeError(f"{row!r} in {key!r} of a scope must be: {expected}")
    return row


def _list(key: str, data: dict[str, Any]) -> list[object]:
    rows = data.get(key, [])
    if not isinstance(rows, list):
        raise ScopeError(f"{key!r} of a scope must be a list, not {rows!r}")
    return rows


def _consistent(
    devices: list[DeviceSpec], lists: list[tuple[str, str]], messages: list[MessageSpec], more: Mapping[str, list[Any]]
) -> None:
    users = {d.owner for d in devices}
    for kind, names in {
        "devices": [d.name for d in devices],
        "lists": [*(f"{user}.0" for user in users), *(name for name, _ in lists)],
        "messages": [m.name for m in messages],
        **{key: [row.name for row in rows] for key, rows in more.items()},
    }.items():
        if twice := [name for name in names if names.count(name) > 1]:
            raise ScopeError(f"a scope has two {kind} named {twice[0]!r}")
    if not devices:
        raise ScopeError("a scope needs at least one device")
    for device in devices:
        if not 0 <= device.index <= len(devices):
            raise ScopeError(
                f"device {device.name!r} has key index {device.index}; at most as many as devices are used"
            )
    for user in [user for _, user in lists] + [m.to for m in messages]:
        if user not in users:
            raise ScopeError(f"no device of the scope belongs to {user!r}; users are {', '.join(sorted(users))}")
    for message in messages:
        if message.author not in {d.name for d in devices}:
            raise ScopeError(f"message {message.name!r} of the scope is written on {message.author!r}, no device")


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
        if not (1 if size in ("users", "devices") else 0) <= sizes[size] <= limit:
            raise ScopeError(f"{size}={sizes[size]} is out of bounds; at most {limit}")
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
        devices.append(DeviceSpec("ghost", "alice", 1, rogue=True))
    if sizes["rogues"] >= 2:
        devices.append(DeviceSpec("mallory.phone", "mallory", 0, rogue=True))
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
    devices = [DeviceSpec("alice.phone", "alice", 0), DeviceSpec("bob.phone", "bob", 0)]
    devices += [DeviceSpec(f"alice.{kind}", "alice", i + 1) for i, kind in enumerate(COMPANIONS[:5])]
    devices += [DeviceSpec("bob.web", "bob", 6), DeviceSpec("ghost", "alice", 1, rogue=True)]
    devices += [DeviceSpec("mallory.phone", "mallory", 0, rogue=True)]
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
    return Scope("crowd", devices, lists, messages)


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
    devices = [*_alice("web")[:-1], DeviceSpec("mallory.phone", "mallory", 0, rogue=True)]
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
        [*_alice("web", "desktop"), DeviceSpec("mallory.phone", "mallory", 0, rogue=True)],
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
        DeviceSpec("alice.phone", "alice", 0),
        *[DeviceSpec(f"alice.{name}", "alice", i) for i, name in names],
        DeviceSpec("ghost", "alice", 1, rogue=True),
    ]


def _drawn(number: int) -> list[SyncKeySpec]:
    return [SyncKeySpec(f"key {i + 1}", "alice.phone") for i in range(number)]


SCOPES = {
    "tiny": sized("tiny", users=1, devices=2, lists=2, messages=1, rogues=1),
    "small": sized("small", users=2, devices=3, lists=1, messages=1),
    "contact": sized("contact", users=1, devices=2, lists=2, messages=1, rogues=2, lies=1),
    "medium": sized("medium", users=2, devices=3, lists=2, messages=1, rogues=1),
    "seats": sized("seats", users=1, devices=6, lists=5, messages=0),
    "settings": _settings(),
    "stranger": _stranger(),
    "forger": _forger(),
    "crowd": _crowd(),
    "household": _household(),
}
WALKED = ("seats", "crowd", "household")  # too many states to visit them all: for walks at random


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
