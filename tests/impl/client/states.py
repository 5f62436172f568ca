"""What the tests of app state between devices have in common: accounts, changes, and what all must agree on."""

from __future__ import annotations

from impl.appstate import syncing
from impl.appstate.actions import Action
from impl.appstate.effects import Setting
from impl.client import Client
from impl.client.linking import unlink
from impl.phone import Phone
from impl.wire.appstate import CollectionName, Operation
from tests.impl.client.town import Town

BOB = "bob@s.whatsapp.net"
CAROL = "carol@s.whatsapp.net"


def change(town: Town, client: Client, action: Action, operation: Operation = Operation.SET) -> None:
    town.network.run(client, client.change(action, operation))
    town.network.settle()


def remove(town: Town, phone: Client, companion: Client) -> None:
    """The phone unlinks a companion."""
    assert isinstance(phone.device, Phone)
    (index,) = (index for index, at in phone.device.companions.items() if at == companion.device.address)
    town.network.clients.remove(companion)
    town.network.run(phone, unlink(phone.device, index, town.time))
    town.network.settle()


def settings(client: Client) -> dict[tuple[str, ...], Setting]:
    return dict(client.device.settings)


def agree(*clients: Client) -> None:
    """Equal versions, equal entries, equal settings; nothing was refused, nothing is left to say."""
    first, *others = (client.device for client in clients)
    for client in clients:
        assert client.refusals == []
        assert not client.device.intents and not client.device.outbox and not client.device.sent
    for device in others:
        assert dict(device.settings) == dict(first.settings)
        for name in CollectionName:
            assert syncing.collection(device, name) == syncing.collection(first, name)
