"""Two accounts with a companion each, who show each other pictures."""

from __future__ import annotations

from impl import attachments
from impl.client import Client
from impl.client.media import fetch
from impl.messages import MessageKey
from impl.wire.content import Media
from tests.impl.client.town import Town

PHOTO = bytes(range(256)) * 300


class Street(Town):
    """Alice with a desktop, Bob with a web client."""

    def begin(self) -> None:
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.everybody = (self.alice, self.desktop, self.bob, self.web)

    def show(self, client: Client, chat: str, view_once: bool = False) -> str:
        message_id = self.network.run(client, client.attach(chat, PHOTO, "image", "image/png", "look", view_once))
        self.network.settle()
        return message_id

    def fetch(self, client: Client, message_id: str) -> bytes:
        return self.network.run(client, fetch(client.device, key_of(client, message_id)))

    def restarted(self, client: Client) -> Client:
        """The same device from its store, and nothing else."""
        again = Client(type(client.device)(client.device.store, self.entropy), client.clock)
        self.network.clients[self.network.clients.index(client)] = again
        return again


def key_of(client: Client, message_id: str) -> MessageKey:
    (key,) = (each.key for each in client.device.conversation if each.id == message_id)
    return key


def medium_of(client: Client, message_id: str) -> Media:
    return attachments.announced(client.device, key_of(client, message_id))[1]
