"""What is seen of a running server: who is connected, what waits for them, and the last stanzas."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from impl.address import Address
from impl.connected import Desk
from impl.dialogue import Client
from impl.serve.chart import label
from impl.serve.house import House
from impl.serve.transcript import Said

LAST = 12
"""Stanzas that stay in view."""

DIRECTIONS = {"in": "▶", "out": "◀"}


class View:
    """Knows names; `line` is told what is worth a line where there is no screen.

    Once a client that is none of ours has come, its stanzas alone are in view.
    """

    def __init__(self, house: House, desk: Desk, line: Callable[[str], None]) -> None:
        self._house = house
        self._desk = desk
        self._line = line
        self._stanzas: deque[tuple[str, Said]] = deque(maxlen=LAST)
        self._ended: dict[str, str] = {}
        self._has_guests = False
        self.typed = ""
        self.answers: deque[str] = deque(maxlen=LAST)

    def name(self, client: Client) -> str:
        """One of ours by its name, others by what they are called at the server."""
        mine = self._house.name_of(client)
        if mine is not None or isinstance(client, bytes):
            return mine or f"new {client.hex()[:8]}"  # type: ignore[union-attr]
        return f"{self._house.chat_name(client.user)}:{client.device}"

    def is_guest(self, client: Client) -> bool:
        return self._house.name_of(client) is None

    def saw(self, client: Client, said: Said) -> None:
        name = self.name(client)
        self._ended.pop(name, None)
        if self.is_guest(client):
            self._line(_line(name, said))
            if not self._has_guests:
                self._stanzas.clear()
            self._has_guests = True
        if self.is_guest(client) or not self._has_guests:
            self._stanzas.append((name, said))

    def left(self, client: Client, why: str) -> None:
        name = self.name(client)
        self._ended[name] = why
        if self.is_guest(client):
            self._line(f"{name} is gone: {why}")

    def render(self) -> Group:
        stanzas = [Text(_line(name, said), no_wrap=True, overflow="ellipsis") for name, said in self._stanzas]
        answers = [Text(line, style="dim") for line in self.answers]
        return Group(self._devices(), Text(), *stanzas, Text(), *answers, Text(f"> {self.typed}▁", style="bold"))

    def _devices(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for place, column in enumerate(("device", "at", "", "mailbox", "messages")):
            table.add_column(column, justify="right" if place > 2 else "left")
        for each in self._house.residents.values():
            device = each.client.device
            waiting = self._desk.server.mailboxes.count(each.client.name)
            table.add_row(
                each.name,
                str(device.address or ""),
                self._house.standing(each),
                str(waiting),
                str(len(device.messages)),
            )
        for client in self._guests():
            name = self.name(client)
            standing = "on" if client in self._desk.sessions else f"off {self._ended.get(name, '')}".rstrip()
            waiting = self._desk.server.mailboxes.count(client)
            table.add_row(
                Text(name, style="bold"), str(client) if isinstance(client, Address) else "", standing, str(waiting), ""
            )
        return table

    def _guests(self) -> list[Client]:
        known: list[Client] = [
            entry.address for each in self._desk.server.directory.devices.values() for entry in each.devices
        ]
        known += [client for client in self._desk.sessions if isinstance(client, bytes)]
        return [client for client in known if self.is_guest(client)]


def _line(name: str, said: Said) -> str:
    return f"{name:>14} {DIRECTIONS[said.direction]} {label(said.node)}"
