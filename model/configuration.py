"""A finite configuration: the elements of every sort, and the value of every frozen relation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Any

from model.accounts import Accounts, Device, KeyIndex, User
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.kinds import KINDS
from model.language import ModelError, Relation, Sort
from model.linking import Seat


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
    """One message: who writes it to whom, and whether a rogue author dresses it up as an own-device copy.

    `ends` is "timer" if it disappears after a while, "view" if it is a medium to be viewed once.
    """

    name: str
    author: str
    to: str
    posed: bool = False
    ends: str = ""


class _Sizes(dict[type[Sort], int]):
    def __missing__(self, sort: type[Sort]) -> int:
        raise ScopeError(f"no scope says which elements {sort.__name__} has; give it a row in KINDS of model/kinds.py")


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
            Fanout.timed: {(i,): int(m.ends == "timer") for i, m in messages},
            Fanout.once: {(i,): int(m.ends == "view") for i, m in messages},
            **{relation: value for kind in KINDS for relation, value in kind.frozen(self).items()},
        }

    @cached_property
    def sizes(self) -> dict[type[Sort], int]:
        return _Sizes({sort: len(names) for sort, names in self.names.items()})

    def has(self, sorts: Iterable[type[Sort]]) -> bool:
        """Whether each has elements here: what is about them happens, and means something, only then."""
        return all(self.sizes[sort] for sort in sorts)

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
            "messages": [[m.name, m.author, m.to, m.posed, *([m.ends] if m.ends else [])] for m in self.messages],
            **{key: [list(astuple(row)) for row in rows] for key, rows in self.more.items() if rows},
        }

    @classmethod
    def from_json(cls, data: object) -> Scope:
        """The scope that `to_json` wrote. ScopeError says which entry is none, or names what is not there."""
        if not isinstance(data, dict) or not data.keys() >= _JSON.keys():
            raise ScopeError(f"a scope is a JSON object with {', '.join(_JSON)}")
        known = [*_JSON, *(kind.key for kind in KINDS)]
        if unknown := data.keys() - set(known):
            raise ScopeError(f"a scope has no {min(unknown)!r}; it may have: {', '.join(known)}")
        for key, kind in _JSON.items():
            if not isinstance(data[key], kind):
                raise ScopeError(f"{key!r} of a scope must be {_KINDS[kind]}, not {data[key]!r}")
        for size, number in data["sizes"].items():
            _fits("sizes", [size, number], str, int)
        devices = [DeviceSpec(*_fits("devices", row, str, str, int, bool)) for row in data["devices"]]
        lists = [(name, user) for name, user in (_fits("lists", row, str, str) for row in data["lists"])]
        messages = [_message(row) for row in data["messages"]]
        rows = {kind: _list(kind.key, data) for kind in KINDS}
        more = {kind.key: [kind.spec(*_fits(kind.key, row, *kind.columns)) for row in rows[kind]] for kind in rows}
        _consistent(devices, lists, messages, more)
        return cls(data["name"], devices, lists, messages, data["sizes"], **more)

    def __str__(self) -> str:
        sizes = " ".join(f"{k}={v}" for k, v in self.described.items() if v)
        if not sizes:
            return self.name
        return f"{self.name}: {sizes}" if self.name != sizes.replace(" ", ",") else sizes


ENDS = ("", "timer", "view")
_JSON: dict[str, type] = {"name": str, "sizes": dict, "devices": list, "lists": list, "messages": list}
_KINDS = {str: "text", dict: "an object", list: "a list", int: "a number", bool: "true or false"}


def _fits(key: str, row: object, *kinds: type) -> list[Any]:
    if not isinstance(row, list) or [type(value) for value in row] != list(kinds):
        expected = ", ".join(_KINDS[kind] for kind in kinds)
        raise ScopeError(f"{row!r} in {key!r} of a scope must be: {expected}")
    return row


def _message(row: object) -> MessageSpec:
    """How a message ends is said where it does."""
    ending = [str] if isinstance(row, list) and len(row) > len((str, str, str, bool)) else []
    message = MessageSpec(*_fits("messages", row, str, str, str, bool, *ending))
    if message.ends not in ENDS:
        raise ScopeError(f"message {message.name!r} of the scope ends by {message.ends!r}; it may be timer or view")
    return message


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
