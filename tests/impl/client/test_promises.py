"""What the announcement of July 2021 promises of multi-device messaging, told as days in town."""

import pytest

from impl.address import Address
from impl.client.groups import create
from impl.dialogue import Delivery
from impl.refusal import Refused
from impl.wire.content import Text
from tests.impl.client.town import Town, texts


def test_four_companions_and_never_a_fifth() -> None:
    town = Town()
    alice = town.phone("alice")
    for _ in range(4):
        town.companion(alice)
    with pytest.raises(Refused, match="seat_free"):
        town.companion(alice)


def test_companions_go_on_while_the_phone_is_off() -> None:
    """Nothing that a companion does needs the phone, which finds it all when it comes back."""
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    desktop, web = town.companion(alice), town.companion(alice)
    town.switch_off(alice)
    town.say(desktop, "bob", "from the desktop")
    town.say(bob, "alice", "to you all")
    town.say(web, "bob", "from the web")
    said = ["from the desktop", "to you all", "from the web"]
    assert texts(desktop) == texts(web) == texts(bob) == said
    assert texts(alice) == []
    town.switch_on(alice)
    assert texts(alice) == said


def test_each_device_has_an_identity_and_a_ciphertext_of_its_own() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    clients = [alice, bob, town.companion(alice), town.companion(bob), town.companion(bob)]
    assert len({client.device.identity.public for client in clients}) == len(clients)
    for client in clients[1:]:
        town.switch_off(client)
    town.say(alice, "bob", "hi")
    entries = [entry for client in clients[1:] for entry in town.server.mailboxes.waiting(client.name)]
    sealed = [entry.event.stanza.body for entry in entries if isinstance(entry.event, Delivery)]
    assert len(sealed) == len(set(sealed)) == len(clients) - 1


def test_the_server_keeps_nothing_that_was_delivered() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.companion(bob)
    town.switch_off(bob)
    town.say(alice, "bob", "hi")
    waiting = town.server.mailboxes.waiting(Address("bob", 0))
    assert [type(entry.event) for entry in waiting] == [Delivery]
    town.switch_on(bob)
    assert texts(bob) == ["hi"]
    assert not town.server.mailboxes.waiting(Address("bob", 0))


def test_a_new_companion_has_the_history() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "before")
    town.say(bob, "alice", "the link")
    desktop = town.companion(alice)
    assert texts(desktop) == ["before", "the link"]
    assert not town.server.blobs.files


def test_companions_take_part_in_groups() -> None:
    town = Town()
    alice, bob, carol = (town.phone(user) for user in ("alice", "bob", "carol"))
    desktop = town.companion(bob)
    group = town.network.run(alice, create(alice.device, ("bob", "carol"), town.time))
    town.network.settle()
    town.network.run(desktop, desktop.send(group, Text("from bob's desktop")))
    town.network.settle()
    assert all(texts(client) == ["from bob's desktop"] for client in (alice, bob, carol, desktop))
