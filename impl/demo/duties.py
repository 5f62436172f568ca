"""What a device does on a connection beside taking its mail: it grants wishes."""

from __future__ import annotations

import asyncio

from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.companion import Companion
from impl.demo import reports
from impl.demo.reports import Qr, Say, Scan, Scanned, ShowQr, State, Trouble, Wish
from impl.net.conversation import Conversation, run_all
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.content import Text

AT_ONCE = 16
"""Messages under way to the server."""


class Duties:
    """Of one device; `name` is what its messages begin with."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._device = client.device
        self._name = name
        self._said = self._count_said()
        self._delivered_before = len(self._device.deliveries)
        self._chats: set[str] = set()
        self._wishes: list[Wish] = []
        self._wished = asyncio.Event()

    def wish(self, wish: Wish) -> None:
        self._wishes.append(wish)
        self._wished.set()

    def state(self, online: bool, connections: int, repeats: int, deliveries: int) -> State:
        """`deliveries` counts messages that arrived, known ones too."""
        device, client = self._device, self._client
        delivered = self._delivered_before + deliveries
        return State(
            address=None if device.address is None else str(device.address),
            online=online,
            said=self._said,
            held=len(device.messages),
            outbox=len(device.outbox),
            companions=len(device.companions) - len(device.newcomers) if isinstance(device, Phone) else 0,
            connections=connections,
            repeats=repeats,
            duplicates=delivered - len(device.deliveries) - len(client.refusals),
            refused=len(client.refusals),
        )

    async def grant_wishes(self, connection: Conversation) -> None:
        """One after the other; what a lost connection cuts short is taken up on the next one."""
        while True:
            while self._wishes:
                await self._grant(connection, self._wishes[0])
                del self._wishes[0]
            self._wished.clear()
            await self._wished.wait()

    async def _grant(self, connection: Conversation, wish: Wish) -> None:
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

    async def _scan(self, connection: Conversation, phone: Phone, text: str) -> None:
        try:
            await connection.run(scan(phone, text, self._client.clock()))
        except Refused as refusal:
            if refusal.check != "once":
                reports.say(Trouble(str(refusal)))
        reports.say(Scanned(text))

    async def _say(self, connection: Conversation, chat: str, count: int) -> None:
        texts = [Text(text_of(self._name, self._said + each)) for each in range(count)]
        await run_all(connection, self._device.store, [self._client.send(chat, text) for text in texts])
        self._said += count

    def _count_said(self) -> int:
        return sum(message.author == self._device.address for message in self._device.messages.values())


def text_of(name: str, number: int) -> str:
    """No two messages are alike."""
    return f"{name} {number}"
