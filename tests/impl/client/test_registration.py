"""A phone takes an account that had another: its companions fall away, its contacts notice."""

from typing import Any

import pytest

from impl.address import Address
from impl.client import Client
from impl.client.groups import create
from impl.client.registration import register
from impl.dialogue import (
    Acknowledge,
    Declined,
    Done,
    FetchBundles,
    FetchDevices,
    IdentityChanged,
    RegisterPhone,
    Request,
)
from impl.refusal import Refused
from impl.server.server import Server
from tests.impl.client.crashes import NOW, FragileTown
from tests.impl.client.town import texts


@pytest.fixture
def known(town: FragileTown) -> FragileTown:
    """Alice has a companion, and so has Bob; they have talked. Alice's phone lies at the bottom of the sea."""
    town.phone("alice"), town.phone("bob")
    town.companion("web"), town.companion("desktop")
    town.link("alice", "web"), town.link("bob", "desktop")
    town.say("bob", "alice", "hi"), town.say("web", "bob", "hello"), town.say("desktop", "alice", "hey")
    town.network.clients.remove(town.clients.pop("alice"))
    return town


def told(client: Client) -> list[str]:
    return [notice.user for notice in client.device.notices.values()]


def test_companions_are_logged_out_and_contacts_are_told(known: FragileTown) -> None:
    known.phone("alice", "new phone")
    known.settle()
    web = known.companion_of("web")
    assert web.address is None and not web.messages
    for name in ("bob", "desktop"):
        assert told(known.clients[name]) == ["alice"]
        known.say(name, "alice", f"is it you? ({name})")
    known.say("new phone", "bob", "it is")
    assert texts(known.clients["new phone"]) == ["is it you? (bob)", "is it you? (desktop)", "it is"]
    for name in ("bob", "desktop", "new phone"):
        assert texts(known.clients[name])[-1] == "it is"
        assert known.clients[name].refusals == []


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [Acknowledge, FetchBundles, FetchDevices])
def test_a_change_is_noticed_once_whatever_crashes(known: FragileTown, at: type[Request[Any]], late: bool) -> None:
    known.phone("alice", "new phone")
    known.crash_at(at, late)
    known.settle()
    assert known.crashes == 1
    known.say("bob", "alice", "is it you?")
    assert told(known.clients["bob"]) == told(known.clients["desktop"]) == ["alice"]
    assert texts(known.clients["new phone"])[-1] == "is it you?"


def test_device_numbers_are_not_given_away_again(known: FragileTown) -> None:
    alice = known.phone("alice", "new phone")
    known.settle()
    known.link("new phone", "web")
    assert known.companion_of("web").address == Address("alice", 2)
    assert alice.live == (1,)
    known.say("bob", "alice", "welcome back")
    assert texts(known.clients["web"])[-1] == "welcome back"


def test_a_claim_without_another_key_changes_nothing(known: FragileTown) -> None:
    bob = known.clients["bob"]
    before = bob.device.records[Address("alice", 0)]
    with known.server.store.transaction():
        known.server.mailboxes.post(Address("bob", 0), IdentityChanged("alice"))
    known.settle()
    assert told(bob) == [] and not bob.device.doubts
    assert bob.device.records[Address("alice", 0)] == before


def test_nothing_is_sent_while_the_server_hides_the_new_key(
    known: FragileTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.phone("alice", "new phone")
    with monkeypatch.context() as hidden:
        hidden.setattr(Server, "fetch_bundles", lambda *_: ())
        known.settle()
        with pytest.raises(Refused) as refusal:
            known.say("bob", "alice", "secret")
        assert refusal.value.check == "identity"
        known.restart("bob")
        with pytest.raises(Refused):
            known.say("bob", "alice", "secret")
    known.say("bob", "alice", "secret")
    assert told(known.clients["bob"]) == ["alice"]
    assert texts(known.clients["new phone"]) == ["secret"]


def test_a_group_goes_on_without_who_is_in_doubt(known: FragileTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the former devices hold of the sender's key opens nothing that is said from then on."""
    bob = known.phone_of("bob")
    group = known.run("bob", create(bob, ["alice"], NOW))
    known.settle()
    known.say("bob", group, "before")
    former = bob.own_sender_keys[group]
    known.phone("alice", "new phone")
    with monkeypatch.context() as hidden:
        hidden.setattr(Server, "fetch_bundles", lambda *_: ())
        known.settle()
        known.say("bob", group, "to ourselves")
        assert {each.address.user for each in bob.served[group]} == {"bob"}
        assert bob.own_sender_keys[group].distribution().id != former.distribution().id
    known.say("bob", group, "after")
    assert texts(known.clients["desktop"])[-3:] == ["before", "to ourselves", "after"]


def silent(town: FragileTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server tells nobody."""
    monkeypatch.setattr(town.server, "tell_watchers", lambda *_: None)


def test_a_message_of_the_new_phone_gives_it_away(known: FragileTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the server keeps the new list back too."""
    silent(known, monkeypatch)
    monkeypatch.setattr(known.server, "publish_list", lambda *_: Done())
    known.phone("alice", "new phone")
    known.say("new phone", "bob", "new number, who is this")
    for name in ("bob", "desktop"):
        assert told(known.clients[name]) == ["alice"]
        assert texts(known.clients[name])[-1] == "new number, who is this"


def test_so_does_its_list(known: FragileTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old phone's companion is gone, so the server says "extra"; the list that comes is signed by another key."""
    silent(known, monkeypatch)
    known.phone("alice", "new phone")
    known.say("bob", "alice", "still there?")
    assert told(known.clients["bob"]) == ["alice"]


def test_a_former_phone_does_not_get_its_account_back_by_connecting(town: FragileTown) -> None:
    town.phone("alice")
    former = town.clients["alice"]
    alice = town.phone("alice", "new phone")
    with pytest.raises(Declined):
        town.network.connect(former)
    assert town.server.directory.bundles[alice.address].identity == alice.identity.public


@pytest.mark.parametrize("late", [False, True])
def test_registering_is_repeated_after_a_crash(town: FragileTown, late: bool) -> None:
    town.phone("bob")
    town.phone("alice")
    town.say("bob", "alice", "hi")
    town.crash_at(RegisterPhone, late)
    for _ in range(2):
        town.once("alice", lambda: register(town.phone_of("alice"), NOW))
    assert town.crashes == 1
    assert town.clients["bob"].device.notices == {}
    assert town.server.directory.addresses("alice") == (Address("alice", 0),)
