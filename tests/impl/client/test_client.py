from impl.address import Address
from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.companion import Companion
from impl.phone import Phone
from impl.wire.content import Text
from tests.impl.client.town import Town, texts


def test_every_device_of_both_sides_has_the_message() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    desktop, web = town.companion(alice), town.companion(bob)
    for sender, chat in [(alice, "bob"), (web, "alice"), (desktop, "bob"), (bob, "alice")]:
        town.say(sender, chat, f"hello {chat}")
    for client in (alice, desktop, bob, web):
        assert sorted(texts(client)) == ["hello alice", "hello alice", "hello bob", "hello bob"]
        assert client.refusals == []
        assert not client.device.outbox and not client.device.sent


def test_nothing_stays_on_the_server() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "hi")
    assert all(not town.server.mailboxes.waiting(each.name) for each in (alice, bob))
    town.companion(alice)
    assert not town.server.blobs.files


def test_a_companion_that_was_away_when_it_was_announced_gets_its_history() -> None:
    """It has joined, its phone has heard of it, and only then does it say how to reach it."""
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "before")
    desktop = Client(Companion.create(town.entropy, town.time), lambda: town.time)
    assert isinstance(desktop.device, Companion) and isinstance(alice.device, Phone)
    town.network.run(alice, scan(alice.device, town.network.run(desktop, show_qr(desktop.device)), town.time))
    (entry,) = town.server.mailboxes.waiting(desktop.name)
    town.network.run(desktop, desktop.handle(entry))
    town.network.settle()
    town.network.connect(desktop)
    town.network.settle()
    assert texts(desktop) == ["before"]
    town.say(bob, "alice", "after")
    assert texts(desktop) == ["before", "after"]


def test_what_was_said_under_an_id_is_not_said_again() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    for _ in range(2):
        town.network.run(alice, alice.send("bob", Text("once"), "an id"))
    town.network.settle()
    assert texts(alice) == texts(bob) == ["once"]
    assert bob.device.deliveries == {("an id", Address("alice", 0)): 1}


def test_history_comes_with_linking() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "before")
    desktop = town.companion(alice)
    assert texts(desktop) == ["before"]
    town.say(bob, "alice", "after")
    assert texts(desktop) == ["before", "after"]
