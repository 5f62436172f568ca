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


def test_history_comes_with_linking() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "before")
    desktop = town.companion(alice)
    assert texts(desktop) == ["before"]
    town.say(bob, "alice", "after")
    assert texts(desktop) == ["before", "after"]
