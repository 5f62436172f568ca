"""What a device does while it is connected: it takes its mail, and grants wishes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.companion import Companion
from impl.demo import reports
from impl.demo.connection import Connection, Ended
from impl.demo.reports import Qr, Say, Scan, Scanned, ShowQr, State, Trouble, Wish
from impl.dialogue import Acknowledge, Declined, Delivery, Entry, Flow, Receipted, ask
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.content import Text

T = TypeVar("T")

AT_ONCE = 16
"""Messages under way to the server."""


class Duties:
    """Of one device; `name` is what its messages begin with."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._device = client.device
        self._name = name
        self._said = self._count_said()
        self._delivered = len(self._device.deliveries)
        self._chats: set[str] = set()
        self._wishes: list[Wish] = []
        self._wished = asyncio.Event()

    def wish(self, wish: Wish) -> None:
        self._wishes.append(wish)
        self._wished.set()

    def state(self, online: bool, repeats: int) -> State:
        device, client = self._device, self._client
        return State(
            address=None if device.address is None else str(device.address),
            online=online,
            said=self._said,
            held=len(device.messages),
            outbox=len(device.outbox),
            companions=len(device.companions) - len(device.newcomers) if isinstance(device, Phone) else 0,
            repeats=repeats,
            duplicates=self._delivered - len(device.deliveries) - len(client.refusals),
            refused=len(client.refusals),
        )

    async def take_mail(self, connection: Connection) -> None:
        """Until this device has another name, which is an end of this connection. Raises Ended."""
        name = self._client.name
        while True:
            for simple, entries in groupby(await connection.entries(), _is_simple):
                if simple:
                    await self._handle(connection, list(entries))
                    continue
                for entry in entries:
                    await self._handle(connection, [entry])
                    if self._client.name != name:
                        raise Ended("this device has an address now")

    async def _handle(self, connection: Connection, entries: Sequence[Entry]) -> None:
        self._delivered += sum(isinstance(entry.event, Delivery) for entry in entries)
        await self._all(connection, [self._handling(entry) for entry in entries])

    def _handling(self, entry: Entry) -> Flow[None]:
        try:
            yield from self._client.handle(entry)
        except Declined as declined:  # as it will be next time
            reports.say(Trouble(f"{type(entry.event).__name__}: {declined}"))
            yield from ask(Acknowledge((entry.number,)))

    async def _all(self, connection: Connection, flows: Sequence[Flow[T]]) -> None:
        """Flows side by side; what they change before they ask for the first time is one transaction."""
        with self._device.store.transaction():
            begun = [(flow, next(flow)) for flow in flows]
        async with asyncio.TaskGroup() as group:
            for flow, request in begun:
                group.create_task(connection.run(flow, request))

    async def grant_wishes(self, connection: Connection) -> None:
        """One after the other; what a lost connection cuts short is taken up on the next one."""
        while True:
            while self._wishes:
                await self._grant(connection, self._wishes[0])
                del self._wishes[0]
            self._wished.clear()
            await self._wished.wait()

    async def _grant(self, connection: Connection, wish: Wish) -> None:
        device = self._device
        match wish:
            case ShowQr() if isinstance(device, Companion):
                if device.address is None:
                    reports.say(Qr(await connection.run(show_qr(device))))
            case Scan(text) if isinstance(device, Phone):
                await self._scan(connection, device, text)
            case Say(chat, count):
                self._said = self._count_said()  # the connection before may have ended in the middle of it
                while self._said < count:
                    await self._say(connection, chat, min(count - self._said, AT_ONCE if chat in self._chats else 1))
                    self._chats.add(chat)

    async def _scan(self, connection: Connection, phone: Phone, text: str) -> None:
        try:
            await connection.run(scan(phone, text, self._client.clock()))
        except Refused as refusal:
            if refusal.check != "once":
                reports.say(Trouble(str(refusal)))
        reports.say(Scanned(text))

    async def _say(self, connection: Connection, chat: str, count: int) -> None:
        texts = [Text(text_of(self._name, self._said + each)) for each in range(count)]
        await self._all(connection, [self._client.send(chat, text) for text in texts])
        self._said += count

    def _count_said(self) -> int:
        return sum(message.author == self._device.address for message in self._device.messages.values())


def text_of(name: str, number: int) -> str:
    """No two messages are alike."""
    return f"{name} {number}"


def _is_simple(entry: Entry) -> bool:
    """Whether its order among others of its kind does not matter."""
    match entry.event:
        case Delivery(stanza):
            return stanza.category == "message"
        case Receipted():
            return True
    return False
