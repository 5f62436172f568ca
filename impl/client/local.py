"""Clients and a server in one process, without a network in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from impl.client.client import Client
from impl.client.drive import drive
from impl.dialogue import Client as Name
from impl.dialogue import Done, Download, DownloadFile, Entry, Flow, Request, Upload, UploadFile
from impl.server import Server

T = TypeVar("T")


class LocalNetwork:
    """Carries requests and what lies in the mailboxes of `clients`, which are those connected."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: list[Client] = []

    def run(self, client: Client, flow: Flow[T]) -> T:
        name = client.name
        return drive(flow, lambda request: self._carry(name, request))

    def _carry(self, name: Name, request: Request[Any]) -> Any:
        """Raises Declined."""
        match request:
            case UploadFile(path, file):
                return self.answer(name, Upload(path, Path(file).read_bytes()))
            case DownloadFile(path, file):
                Path(file).write_bytes(self.answer(name, Download(path)))
                return Done()
            case _:
                return self.answer(name, request)

    def answer(self, name: Name, request: Request[Any]) -> Any:
        """What the server says to this client. Raises Declined."""
        return self.server.answer(name, request)

    def waiting(self, name: Name) -> list[Entry]:
        """The mailbox, oldest first."""
        return self.server.mailboxes.waiting(name)

    def connect(self, client: Client) -> None:
        if client not in self.clients:
            self.clients.append(client)
        before = client.name
        self.run(client, client.connect())
        if client.name != before:
            self.connect(client)

    def disconnect(self, client: Client) -> None:
        """From here on its mailbox fills."""
        self.clients.remove(client)

    def settle(self) -> None:
        """Until every mailbox of a connected client is empty."""
        busy = True
        while busy:
            busy = False
            for client in self.clients:
                before = client.name
                for entry in self.waiting(before):
                    busy = True
                    self.run(client, client.handle(entry))
                    if client.name != before:
                        self.connect(client)
                        break
