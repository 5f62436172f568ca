"""Devices that start again from an old copy of themselves, and know it: no key is used twice, and all are heard."""

from __future__ import annotations

from typing import Any

import pytest

from impl.client import Client
from impl.client.groups import create
from impl.client.state_loss import begin_anew
from impl.device import Device, Snapshot
from impl.refusal import Refused
from impl.stanza import GroupStanza, Stanza
from impl.wire.content import Text
from impl.wire.frames import PreKeySignalMessage, SignalMessage
from tests.impl.client.town import NOW, Town, texts


class Mended(Town):
    """Alice with a desktop, Bob with a web client; `sealed` has every ciphertext that was for one device."""

    def __init__(self) -> None:
        super().__init__()
        self.sealed: list[Stanza | GroupStanza] = []
        post = self.server.mailboxes.post

        def kept(name: Any, event: Any) -> None:
            self.sealed += [event.stanza] if hasattr(event, "stanza") else []
            post(name, event)

        self.server.mailboxes.post = kept  # type: ignore[method-assign]
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.say(self.alice, "bob", "hello")
        self.say(self.bob, "alice", "hello")

    def start_again(self, client: Client, snapshot: Snapshot) -> Client:
        device: Any = Device.restore(snapshot, self.entropy)
        again = Client(device, client.clock)
        self.network.clients[self.network.clients.index(client)] = again
        assert self.network.run(again, begin_anew(device, NOW)) == []
        return again

    @property
    def keys(self) -> list[tuple[bytes, int]]:
        """Of each pairwise ciphertext: whose ratchet key, and which counter."""
        pairwise = [each for each in self.sealed if isinstance(each, Stanza)]
        frames = [
            SignalMessage.decode(
                PreKeySignalMessage.decode(each.body).message if each.enc_type == "pkmsg" else each.body
            )
            for each in pairwise
        ]
        return [(frame.ratchet_key, frame.counter) for frame in frames]


@pytest.fixture
def town() -> Mended:
    return Mended()


def refusals(town: Mended) -> list[Any]:
    return [refusal for client in town.network.clients for refusal in client.refusals]


def test_who_starts_again_uses_no_key_twice_and_is_heard(town: Mended) -> None:
    old = town.alice.device.snapshot()
    for number in range(3):
        town.say(town.alice, "bob", f"before {number}")
    alice = town.start_again(town.alice, old)
    town.say(alice, "bob", "after")
    town.say(town.bob, "alice", "an answer")
    town.say(alice, "bob", "and on")
    for client in (town.bob, town.web, town.desktop):
        assert texts(client)[-3:] == ["after", "an answer", "and on"]
    assert len(set(town.keys)) == len(town.keys)
    assert refusals(town) == []


def test_what_came_meanwhile_is_opened(town: Mended) -> None:
    old = town.alice.device.snapshot()
    town.network.disconnect(town.alice)
    town.say(town.bob, "alice", "meanwhile")
    town.network.connect(town.alice)
    alice = town.start_again(town.alice, old)
    town.network.settle()
    assert texts(alice)[-1] == "meanwhile"


def test_nothing_is_said_before_a_session_is_begun(town: Mended) -> None:
    again = Device.restore(town.alice.device.snapshot(), town.entropy)
    again.begin_anew()
    with pytest.raises(Refused, match="met"):
        again.send("3EB0", "bob", Text("under a key that may have been used"), NOW)


def test_a_group_gets_another_key(town: Mended) -> None:
    group = town.network.run(town.alice, create(town.alice.device, ("bob",), NOW))
    town.network.settle()
    old = town.alice.device.snapshot()
    town.say(town.alice, group, "one")
    key = town.alice.device.own_sender_keys[group]
    alice = town.start_again(town.alice, old)
    town.say(alice, group, "two")
    for client in (town.bob, town.web, town.desktop):
        assert texts(client).count("two") == 1
    assert alice.device.own_sender_keys[group] != key
