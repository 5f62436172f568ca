"""Everybody's stores in one folder: all that is left of clients and server when their process is killed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from impl.client import Client
from impl.client.local import LocalNetwork
from impl.companion import Companion
from impl.crypto.entropy import Entropy, seeded
from impl.dialogue import Client as Name
from impl.dialogue import Request, Submit, SubmitToGroup
from impl.phone import Phone
from impl.server import Server
from impl.stanza import Stanza
from impl.store import SqliteStore
from impl.wire.frames import PreKeySignalMessage, SignalMessage
from impl.wire.senderkeys import SenderKeyMessage

NOW = 1626220800

PHONES = ("alice", "bob", "carol")
COMPANIONS = ("desktop", "tablet", "web")


class Journal:
    """Lines that are only ever added; each is there for good once it was written."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._path = path

    def add(self, *words: object) -> None:
        os.write(self._file, " ".join(map(str, words)).encode() + b"\n")

    def lines(self) -> list[str]:
        return self._path.read_text().splitlines()


class WatchedServer(Server):
    """Notes which bytes it is handed under which message key, before it does anything with them."""

    def __init__(self, store: SqliteStore, seen: Journal, clock: Callable[[], int]) -> None:
        super().__init__(store, clock)
        self.seen = seen

    def answer(self, client: Name, request: Request[object]) -> object:
        match request:
            case Submit(stanzas=stanzas) | SubmitToGroup(distributions=stanzas):
                for stanza in stanzas:
                    self._note(stanza)
        if isinstance(request, SubmitToGroup):
            message = SenderKeyMessage.decode(request.body)
            self.seen.add(client, request.group, message.id, message.iteration, request.body.hex())
        return super().answer(client, request)

    def _note(self, stanza: Stanza) -> None:
        first = stanza.enc_type == "pkmsg"
        frame = PreKeySignalMessage.decode(stanza.body).message if first else stanza.body
        message = SignalMessage.decode(frame)
        key = stanza.sender, stanza.recipient, message.ratchet_key.hex(), message.counter
        self.seen.add(*key, frame.hex())


class World:
    """The processes of one start, as their stores let them begin; nobody is connected yet."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.progress = Journal(folder / "progress")
        self.seen = Journal(folder / "seen")
        starts = Journal(folder / "starts")
        starts.add()
        self.start = len(starts.lines())
        self.server = WatchedServer(self._store("server"), self.seen, lambda: self.time)
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

    def sealed(self) -> dict[str, set[str]]:
        """Under each message key the bytes that the server was handed: always the same, however often."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for key, body in (line.rsplit(" ", 1) for line in self.seen.lines()):
            found[key].add(body)
        return found

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
