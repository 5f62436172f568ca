"""A town whose clients keep stores, and one of which crashes once: at the first request of a kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from impl.client import Client, drive
from impl.client.linking import scan, show_qr
from impl.client.local import LocalNetwork
from impl.client.registration import register
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.dialogue import Flow, Request
from impl.kinds import DeviceProps
from impl.phone import Phone
from impl.server import Server
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.content import Text

T = TypeVar("T")
NOW = 1626220800


class Crash(Exception):
    """The process of `client` ends."""

    def __init__(self, client: Client) -> None:
        self.client = client


class CrashingNetwork(LocalNetwork):
    """`at` is the kind of request at which the asking client crashes: before the server has it, or `late`, after."""

    at: type[Request[Any]] | None = None
    late = False

    def run(self, client: Client, flow: Flow[T]) -> T:
        name = client.name

        def answer(request: Request[Any]) -> Any:
            if self.at is None or not isinstance(request, self.at):
                return self.answer(name, request)
            self.at = None
            if self.late:
                self.answer(name, request)
            raise Crash(client)

        return drive(flow, answer)


class Disk:
    """Stores by name, files in `folder` or in memory; to open one again is what a restart does."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.stores: dict[str, Store] = {}

    def open(self, name: str) -> Store:
        if self.folder is None:
            return self.stores.setdefault(name, MemoryStore())
        former = self.stores.get(name)
        if isinstance(former, SqliteStore):
            former.close()
        self.stores[name] = SqliteStore(self.path(name), synced=False)
        return self.stores[name]

    def path(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{name}.store"


class FragileTown:
    """Clients by name. `crash_at` arms the network; `settle` and `once` survive the crash, and restart who crashed."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.entropy = seeded(b"fragile town")
        self.network = CrashingNetwork(Server())
        self.server = self.network.server
        self.clients: dict[str, Client] = {}
        self.crashes = 0

    def crash_at(self, kind: type[Request[Any]], late: bool) -> None:
        self.network.at, self.network.late = kind, late

    def phone(self, user: str, store: str | None = None) -> Phone:
        """A phone for `user`; another `store` makes it the account's next phone."""
        phone = Phone.register(user, self.entropy, NOW, self.disk.open(store or user))
        client = self._client(store or user, phone)
        self.network.run(client, register(phone, NOW))
        self.network.connect(client)
        return phone

    def companion(self, name: str, props: DeviceProps | None = None) -> Companion:
        """A companion that belongs to nobody."""
        store = self.disk.open(name)
        companion = Companion.create(self.entropy, NOW, props or DeviceProps(), store)
        self.network.connect(self._client(name, companion))
        return companion

    def _client(self, name: str, device: Phone | Companion) -> Client:
        self.clients[name] = Client(device, lambda: NOW)
        return self.clients[name]

    def phone_of(self, name: str) -> Phone:
        device = self.clients[name].device
        assert isinstance(device, Phone)
        return device

    def companion_of(self, name: str) -> Companion:
        device = self.clients[name].device
        assert isinstance(device, Companion)
        return device

    def link(self, phone: str, companion: str) -> None:
        text = self.run(companion, show_qr(self.companion_of(companion)))
        self.once(phone, lambda: scan(self.phone_of(phone), text, NOW))

    def run(self, name: str, flow: Flow[T]) -> T:
        return self.network.run(self.clients[name], flow)

    def once(self, name: str, flow: Callable[[], Flow[Any]]) -> None:
        """Something that the user of a client does once, crash or no crash; then whatever follows from it."""
        try:
            self.run(name, flow())
        except Crash as crash:
            self._restart(crash.client)
        self.settle()

    def settle(self) -> None:
        try:
            self.network.settle()
        except Crash as crash:
            self._restart(crash.client)
            self.settle()

    def say(self, name: str, chat: str, text: str) -> None:
        self.run(name, self.clients[name].send(chat, Text(text)))
        self.settle()

    def restart(self, name: str) -> None:
        """Nothing is left of the process but its store."""
        former = self.clients[name]
        self.network.clients.remove(former)
        client = self._client(name, type(former.device)(self.disk.open(name), self.entropy))
        self.network.connect(client)

    def _restart(self, crashed: Client) -> None:
        self.crashes += 1
        self.restart(next(name for name, client in self.clients.items() if client is crashed))
