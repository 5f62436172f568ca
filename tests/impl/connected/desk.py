"""A server with a phone and a companion of one account and a contact, and clients that say what they like."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from impl.companion import Companion
from impl.connected import Desk, ServerSession
from impl.dialogue import Client
from impl.stanzas.connection import active
from impl.transport.registration import introduce
from impl.wire.client_payload import ClientPayload, Login
from impl.wire.nodes import Node
from tests.impl.client.town import NOW, Town

ALICE, BOB = "15550001001", "15550001002"


@dataclass
class Outlet:
    """What a client was told; `why` its connection is over, if it is."""

    told: list[Node] = field(default_factory=list)
    why: str = ""
    replies: int = 0

    def send(self, node: Node, replies: int = 0) -> None:
        assert not self.why, "said after the end"
        self.told.append(node)
        self.replies += replies

    def end(self, *nodes: Node, why: str) -> None:
        self.told += nodes
        self.why = why

    def take(self) -> list[Node]:
        told, self.told = self.told, []
        return told


class Place(Town):
    """Two phones and a companion, as they are known at the server, and a desk in front of it."""

    def __init__(self) -> None:
        super().__init__()
        self.alice, self.bob = self.phone(ALICE), self.phone(BOB)
        self.web = self.companion(self.alice)
        for client in (self.alice, self.bob, self.web):
            self.switch_off(client)
        for number, client in enumerate((self.alice, self.bob), 1):
            with self.server.store.transaction():
                self.server.logins.phones[client.device.address] = noise(number)  # type: ignore[index]
        self.desk = Desk(self.server, lambda: NOW, "127.0.0.1:7355")

    def noise_of(self, name: str) -> bytes:
        device = self.web.device
        assert isinstance(device, Companion)
        return {"alice": noise(1), "bob": noise(2), "web": device.noise.public}[name]

    def payload_of(self, name: str) -> ClientPayload:
        device = {"alice": self.alice, "bob": self.bob, "web": self.web}[name].device
        assert device.address is not None
        return Login(int(device.address.user), device.address.device)

    def enter(self, name: str, proven: bool = True) -> tuple[ServerSession, Outlet]:
        """It connects, and wants its mailbox."""
        outlet = Outlet()
        session = self.desk.accept(self.noise_of(name), self.payload_of(name), proven, outlet)
        if proven:
            session.received(replace(active(), attrs={**active().attrs, "id": "active"}))
        return session, outlet

    def introduce(self, number: int = 9) -> tuple[ServerSession, Outlet, Client]:
        """A companion that belongs to nobody connects."""
        device = Companion.create(self.entropy, NOW)
        outlet = Outlet()
        session = self.desk.accept(noise(number), introduce(device.bundle(), device.props, (2, 1, 1)), True, outlet)
        return session, outlet, noise(number)


def noise(number: int) -> bytes:
    return bytes([number]) * 32
