"""What users want to be called: set on any device, shown to others, told to new companions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl import names
from impl.appstate.actions import PushName
from impl.backup import from_digits
from impl.client import Client
from impl.client.backup import back_up, restore_with_digits
from impl.client.groups import create
from impl.client.registration import register
from impl.dialogue import Delivery, TellName, ask
from impl.history import parts
from impl.phone import Phone
from impl.wire.content import HistoryType, Text
from tests.impl.client.test_history import chunks, phone_of, talk
from tests.impl.client.town import NOW, Town


class Square(Town):
    """Alice with a desktop, and Bob."""

    def begin(self) -> None:
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.desktop = self.companion(self.alice)

    def call(self, client: Client, name: str) -> None:
        self.network.run(client, client.change(PushName(name)))
        self.network.settle()


@pytest.fixture
def square() -> Square:
    square = Square()
    square.begin()
    return square


def test_others_see_the_name_that_any_own_device_set(square: Square) -> None:
    square.call(square.desktop, "Alice")
    assert names.own(square.alice.device) == "Alice"
    square.say(square.alice, "bob", "hi")
    assert dict(square.bob.device.names) == {"alice": "Alice"}
    square.call(square.alice, "Alice A.")
    square.say(square.desktop, "bob", "ho")
    assert dict(square.bob.device.names) == {"alice": "Alice A."}


def test_members_of_a_group_see_it(square: Square) -> None:
    square.call(square.alice, "Alice")
    group = square.network.run(square.alice, create(square.alice.device, ("bob",), NOW))
    square.network.settle()
    square.say(square.alice, group, "hi")
    assert dict(square.bob.device.names) == {"alice": "Alice"}


def test_nobody_sees_a_name_of_himself(square: Square) -> None:
    square.call(square.alice, "Alice")
    square.say(square.alice, "bob", "hi")
    assert not square.desktop.device.names and not square.alice.device.names


def test_a_name_is_told_again_at_each_connection(square: Square) -> None:
    square.call(square.alice, "Alice")
    with square.server.store.transaction():
        square.server.profiles.names.clear()
    square.network.run(square.desktop, square.desktop.connect())
    assert dict(square.server.profiles.names) == {"alice": "Alice"}


def test_a_refused_message_brings_no_name(square: Square) -> None:
    square.say(square.alice, "bob", "hi")
    (stanza,) = (
        each for each in square.alice.device.send("id", "bob", Text("ho"), NOW) if each.recipient.user == "bob"
    )
    broken = Delivery(replace(stanza, body=stanza.body[:40] + bytes(20) + stanza.body[60:]), None, "Mallory")
    with square.server.store.transaction():
        square.server.mailboxes.post(square.bob.name, broken)
    square.network.settle()
    assert [refusal.check for refusal in square.bob.refusals] == ["intact"]
    assert not square.bob.device.names


@pytest.mark.parametrize("name", ["", "-", "a" * (names.LIMIT + 1)])
def test_what_is_no_name_is_not_shown(square: Square, name: str) -> None:
    square.call(square.alice, name)
    square.say(square.alice, "bob", "hi")
    assert not square.bob.device.names and not square.server.profiles.names
    square.bob.device.heard_name("alice", name)
    assert not square.bob.device.names


def test_the_server_keeps_nothing_that_is_no_name(square: Square) -> None:
    for name in ("", "-", "a" * (names.LIMIT + 1)):
        square.network.run(square.alice, ask(TellName(name)))
    assert not square.server.profiles.names


def test_the_longest_name(square: Square) -> None:
    square.call(square.alice, "a" * names.LIMIT)
    square.say(square.alice, "bob", "hi")
    assert dict(square.bob.device.names) == {"alice": "a" * names.LIMIT}


def test_the_next_owner_of_a_number_has_no_name_yet(square: Square) -> None:
    square.call(square.alice, "Alice")
    client = Client(Phone.register("alice", square.entropy, NOW), lambda: NOW)
    square.network.clients.remove(square.alice)
    square.network.run(client, register(phone_of(client), NOW))
    assert not square.server.profiles.names


@pytest.mark.parametrize("messages", [0, 3, 25])
def test_a_new_companion_is_told_the_names(square: Square, messages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 10)
    square.call(square.alice, "Alice")
    square.say(square.alice, "bob", "hi")
    talk(square.bob, messages)
    tablet = square.companion(square.bob)
    assert dict(tablet.device.names) == {"alice": "Alice"}
    assert set(tablet.device.messages) == set(square.bob.device.messages)
    assert chunks(tablet)[HistoryType.PUSH_NAME] == [0]
    assert (HistoryType.RECENT in chunks(tablet)) == (messages == 25)
    assert not phone_of(square.bob).sharings and tablet.refusals == []


def test_what_a_companion_has_heard_itself_counts_more(square: Square) -> None:
    square.desktop.device.heard_name("bob", "Bob")
    with square.desktop.device.store.transaction():
        names.told(square.desktop.device, (("bob", "Robert"), ("carol", "Carol"), ("dave", "-"), ("alice", "Eve")))
    assert dict(square.desktop.device.names) == {"bob": "Bob", "carol": "Carol"}


def test_the_newest_names_are_told(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "TOLD", 2)
    for user in "xyz":
        square.alice.device.heard_name(user, user.upper())
    assert names.to_tell(square.alice.device) == (("z", "Z"), ("y", "Y"))


def test_a_backup_has_them(square: Square) -> None:
    square.call(square.alice, "Alice")
    square.say(square.alice, "bob", "hi")
    phone_of(square.bob).set_backup_key(from_digits("00" * 32))
    square.network.run(square.bob, back_up(phone_of(square.bob), NOW))
    client = Client(Phone.register("bob", square.entropy, NOW), lambda: NOW)
    square.network.clients.remove(square.bob)
    square.network.run(client, register(phone_of(client), NOW))
    square.network.run(client, restore_with_digits(phone_of(client), "00" * 32, NOW))
    assert dict(client.device.names) == {"alice": "Alice"}
