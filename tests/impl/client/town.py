"""Accounts whose clients talk through an honest server, all in this process."""

from __future__ import annotations

from collections.abc import Callable

from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.client.local import LocalNetwork
from impl.client.registration import register
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.phone import Phone
from impl.server import Server
from impl.store import MemoryStore, Store
from impl.wire.content import Text

NOW = 1626220800


class Town:
    """`network` carries everything; `time` is everybody's clock; everybody's store is one of `stores`."""

    def __init__(self, stores: Callable[[], Store] = MemoryStore) -> None:
        self.entropy = seeded(b"town")
        self.stores = stores
        self.server = Server(stores())
        self.network = LocalNetwork(self.server)
        self.time = NOW

    def phone(self, user: str, store: Store | None = None) -> Client:
        client = Client(Phone.register(user, self.entropy, self.time, store or self.stores()), lambda: self.time)
        self.network.run(client, register(client.device, self.time))
        self.network.connect(client)
        return client

    def companion(self, phone: Client, store: Store | None = None) -> Client:
        client = Client(Companion.create(self.entropy, self.time, store=store or self.stores()), lambda: self.time)
        self.network.connect(client)
        assert isinstance(client.device, Companion) and isinstance(phone.device, Phone)
        text = self.network.run(client, show_qr(client.device))
        self.network.run(phone, scan(phone.device, text, self.time))
        self.network.settle()
        return client

    def switch_off(self, client: Client) -> None:
        self.network.disconnect(client)

    def switch_on(self, client: Client) -> None:
        self.network.connect(client)
        self.network.settle()

    def say(self, client: Client, chat: str, text: str) -> str:
        message_id = self.network.run(client, client.send(chat, Text(text)))
        self.network.settle()
        return message_id


def texts(client: Client) -> list[str]:
    return [message.text for message in client.device.conversation]
