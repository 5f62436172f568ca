"""Groups of three users with five devices, through an honest server."""


import pytest

from impl.client import Client
from impl.client.groups import create
from tests.impl.client.town import Town, texts


class Village(Town):
    """Alice with a desktop, Bob with a web client, Carol; `group` holds them all."""

    def __init__(self) -> None:
        super().__init__()
        self.alice, self.bob, self.carol = self.phone("alice"), self.phone("bob"), self.phone("carol")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.everybody = (self.alice, self.desktop, self.bob, self.web, self.carol)
        self.group = self.run(self.alice, create(self.alice.device, ("bob", "carol"), self.time))

    def run(self, client: Client, flow):  # type: ignore[no-untyped-def]
        result = self.network.run(client, flow)
        self.settle()
        return result

    def settle(self) -> None:
        self.network.settle()


@pytest.fixture
def village() -> Village:
    return Village()


def test_everybody_hears_everybody(village: Village) -> None:
    for client in village.everybody:
        village.say(client, village.group, f"from {client.name}")
    for client in village.everybody:
        assert client.refusals == []
        assert set(texts(client)) == {f"from {each.name}" for each in village.everybody}
        assert not client.device.outbox and not client.device.sent
