"""Everybody's stores in one folder: all that is left of clients and server when their process is killed."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from impl.client import Client
from impl.client.local import LocalNetwork
from impl.companion import Companion
from impl.crypto.entropy import Entropy, seeded
from impl.dialogue import Client as Name
from impl.dialogue import Request, Submit
from impl.phone import Phone
from impl.server import Server
from impl.stanza import Stanza
from impl.store import SqliteStore

NOW = 1626220800

PHONES = ("alice", "bob")
COMPANIONS = ("desktop", "tablet", "web")


class Journal:
    """Lines that are only ever added; each is there for good once it was written."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self.path = path

    def add(self, line: bytes) -> None:
        os.write(self._file, line.hex().encode() + b"\n")

    def lines(self) -> list[bytes]:
        return [bytes.fromhex(line) for line in self.path.read_text().splitlines()]


class WatchedServer(Server):
    """Notes every ciphertext that it is handed, before it does anything with it."""

    def __init__(self, store: SqliteStore, seen: Journal) -> None:
        super().__init__(store)
        self.seen = seen

    def answer(self, client: Name, request: Request[object]) -> object:
        if isinstance(request, Submit):
            for stanza in request.stanzas:
                self.seen.add(msgspec.msgpack.encode(stanza))
        return super().answer(client, request)


class World:
    """The processes of one start, as their stores let them begin; nobody is connected yet."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.progress = Journal(folder / "progress")
        self.seen = Journal(folder / "seen")
        starts = Journal(folder / "starts")
        starts.add(b"")
        self.start = len(starts.lines())
        self.server = WatchedServer(self._store("server"), self.seen)
        self.network = LocalNetwork(self.server)
        self.clients: dict[str, Client] = {}
        for name in (*PHONES, *COMPANIONS):
            if (folder / name).exists():
                self._restart(name)

    @property
    def time(self) -> int:
        """Everybody's clock: a second a step."""
        return NOW + len(self.progress.lines())

    def phone(self, name: str) -> Phone:
        """The phone of this account, new if there is none yet."""
        if name not in self.clients:
            self._join(name, Phone.register(name, self._entropy(name), self.time, self._store(name)))
        device = self.clients[name].device
        assert isinstance(device, Phone)
        return device

    def companion(self, name: str) -> Companion:
        """The companion of this name, new if there is none yet."""
        if name not in self.clients:
            self._join(name, Companion.create(self._entropy(name), self.time, store=self._store(name)))
        device = self.clients[name].device
        assert isinstance(device, Companion)
        return device

    def ciphertexts(self) -> list[Stanza]:
        """All that the server was ever handed."""
        return [msgspec.msgpack.decode(line, type=Stanza) for line in self.seen.lines()]

    def _restart(self, name: str) -> None:
        store = self._store(name)
        device = (Phone if name in PHONES else Companion)(store, self._entropy(name))
        if hasattr(device, "identity"):
            self._join(name, device)
        else:
            store.close()

    def _join(self, name: str, device: Phone | Companion) -> None:
        self.clients[name] = Client(device, lambda: self.time)
        self.network.clients.append(self.clients[name])

    def _store(self, name: str) -> SqliteStore:
        return SqliteStore(self.folder / name, synced=False)

    def _entropy(self, name: str) -> Entropy:
        return seeded(f"{name}, start {self.start}".encode())
