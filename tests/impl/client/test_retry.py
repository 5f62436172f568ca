"""Messages that could not be opened, between clients and an honest server, in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from impl.client import Client
from impl.client.groups import create
from impl.device import Device, Snapshot
from impl.dialogue import Acknowledge, AskRetry, Delivery, RetryAsked, Submit
from impl.retry import LIMIT
from impl.stanza import Stanza
from impl.store import MemoryStore, SqliteStore, Store
from tests.impl.client.town import NOW, Town, texts


class Wires(Town):
    """Alice with a desktop, Bob with a web client; `damage` says which stanzas arrive broken."""

    def begin(self) -> None:
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.say(self.alice, "bob", "hello")
        self.say(self.bob, "alice", "hello")

    def break_next(self, client: Client, times: int = 1) -> None:
        """The next ciphertexts for a client are damaged on their way."""
        post, left = self.server.mailboxes.post, count(times, -1)

        def damaged(name: Any, event: Any) -> None:
            if name == client.name and isinstance(event, Delivery) and next(left) > 0:
                event = Delivery(broken(event.stanza))
            post(name, event)

        self.server.mailboxes.post = damaged  # type: ignore[method-assign]

    def restored(self, client: Client, snapshot: Snapshot) -> Client:
        device: Any = Device.restore(snapshot, self.entropy)
        again = Client(device, client.clock)
        self.network.clients[self.network.clients.index(client)] = again
        return again

    def stanzas(self, client: Client) -> list[Stanza]:
        entries = self.server.mailboxes.waiting(client.name)
        return [entry.event.stanza for entry in entries if isinstance(entry.event, Delivery)]


@pytest.fixture(params=["memory", "disk"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wires]:
    opened: list[SqliteStore] = []

    def on_disk() -> Store:
        opened.append(SqliteStore(tmp_path / f"{len(opened)}.db", synced=False))
        return opened[-1]

    town = Wires(on_disk if request.param == "disk" else MemoryStore)
    town.begin()
    yield town
    for store in opened:
        store.close()


def broken(stanza: Stanza) -> Stanza:
    return replace(stanza, body=stanza.body[:-4])


def checks(client: Client) -> list[str]:
    return [refusal.check for refusal in client.refusals]


def test_who_never_answered_gets_another_session(town: Wires) -> None:
    before = town.alice.device.records[town.web.name].current
    town.break_next(town.web)
    town.say(town.alice, "bob", "hi")
    after = town.alice.device.records[town.web.name].current
    assert before.pending is not None and after.pending is not None
    assert (after.base_key != before.base_key) and (after.pending.one_time_id != before.pending.one_time_id)
    assert texts(town.web) == ["hello", "hello", "hi"]


def test_who_answered_before_keeps_the_session(town: Wires) -> None:
    before = town.alice.device.records[town.bob.name].current
    town.break_next(town.bob)
    town.say(town.alice, "bob", "hi")
    assert before.pending is None
    assert town.alice.device.records[town.bob.name].current.base_key == before.base_key


@pytest.mark.parametrize("times", range(1, LIMIT + 1))
def test_a_damaged_message_comes_again(town: Wires, times: int) -> None:
    town.break_next(town.bob, times)
    town.say(town.alice, "bob", "hi")
    for client in (town.bob, town.web, town.desktop):
        assert texts(client).count("hi") == 1
    assert checks(town.bob) == ["intact"] * times
    assert not town.bob.device.wanted and not town.alice.device.sent and not town.alice.device.outbox


def test_what_stays_damaged_comes_from_the_own_phone(town: Wires) -> None:
    town.break_next(town.web, LIMIT + 1)
    message_id = town.say(town.alice, "bob", "hi")
    assert texts(town.web).count("hi") == 1
    assert (message_id, town.alice.name) in town.web.device.deliveries
    assert not town.web.device.wanted and not town.web.device.outbox
    assert checks(town.web) == ["intact"] * (LIMIT + 1)
    town.say(town.alice, "bob", "later")
    assert texts(town.web)[-1] == "later"


def test_a_copy_of_an_own_message_comes_again(town: Wires) -> None:
    town.break_next(town.desktop)
    town.say(town.alice, "bob", "hi")
    assert texts(town.desktop).count("hi") == 1
    assert {message.chat for message in town.desktop.device.conversation} == {"bob"} | {
        message.chat for message in town.alice.device.conversation
    }


def test_a_sender_restored_from_an_old_copy_is_heard(town: Wires) -> None:
    """Its messages use keys that were used before; only a new session makes them readable."""
    old = town.alice.device.snapshot()
    for number in range(3):
        town.say(town.alice, "bob", f"before {number}")
    alice = town.restored(town.alice, old)
    town.say(alice, "bob", "after")
    for client in (town.bob, town.web, town.desktop):
        assert texts(client)[-1] == "after"
        assert set(checks(client)) == {"fresh"}
    assert not alice.device.sent
    refused = [len(client.refusals) for client in (town.bob, town.web, town.desktop)]
    town.say(alice, "bob", "and on")
    assert texts(town.web)[-1] == "and on"
    assert [len(client.refusals) for client in (town.bob, town.web, town.desktop)] == refused


def test_a_receiver_restored_from_an_old_copy_hears(town: Wires) -> None:
    old = town.bob.device.snapshot()
    town.say(town.alice, "bob", "one")
    town.say(town.bob, "alice", "two")
    town.say(town.alice, "bob", "three")
    bob = town.restored(town.bob, old)
    town.say(town.alice, "bob", "four")
    assert texts(bob)[-1] == "four"
    town.say(bob, "alice", "five")
    assert texts(town.desktop)[-1] == "five"


def test_a_restored_sender_is_heard_in_groups(town: Wires) -> None:
    group = town.network.run(town.alice, create(town.alice.device, ("bob",), NOW))
    town.network.settle()
    town.say(town.alice, group, "one")
    old = town.alice.device.snapshot()
    town.say(town.alice, group, "two")
    town.say(town.alice, "bob", "two")
    alice = town.restored(town.alice, old)
    town.say(alice, group, "three")
    for client in (town.bob, town.web, town.desktop):
        assert texts(client).count("three") == 1


def test_a_late_original_and_the_answer_are_one_message(town: Wires) -> None:
    """Whichever comes first is the message; the other is confirmed and is nothing."""
    town.network.clients.remove(town.bob)
    message_id = town.say(town.alice, "bob", "hi")
    (original,) = town.stanzas(town.bob)
    (entry,) = town.server.mailboxes.waiting(town.bob.name)
    town.server.answer(town.bob.name, Acknowledge((entry.number,)))
    with town.server.store.transaction():
        town.server.mailboxes.post(town.bob.name, Delivery(broken(original)))
    town.network.clients.append(town.bob)
    town.network.settle()
    with town.server.store.transaction():
        town.server.mailboxes.post(town.bob.name, Delivery(original))
    town.network.settle()
    assert texts(town.bob).count("hi") == 1
    assert town.bob.device.deliveries[message_id, town.alice.name] == 1


def test_a_receiver_that_crashes_asks_with_the_same_keys(town: Wires) -> None:
    town.network.clients.remove(town.bob)
    town.break_next(town.bob)
    town.say(town.alice, "bob", "hi")
    (entry,) = town.server.mailboxes.waiting(town.bob.name)
    flow = town.bob.handle(entry)
    first = next(flow)
    flow.close()
    second = next(town.bob.handle(entry))
    assert isinstance(first, AskRetry) and first == second
    town.network.clients.append(town.bob)
    town.network.settle()
    assert texts(town.bob).count("hi") == 1


def test_a_sender_that_crashes_answers_once_and_with_the_same_bytes(town: Wires) -> None:
    town.break_next(town.bob)
    town.network.clients.remove(town.alice)
    town.say(town.alice, "bob", "hi")
    asked = [each for each in town.server.mailboxes.waiting(town.alice.name) if isinstance(each.event, RetryAsked)]
    flow = town.alice.handle(asked[0])
    first = next(flow)
    flow.close()
    second = next(town.alice.handle(asked[0]))
    assert isinstance(first, Submit) and first == second
    town.network.connect(town.alice)
    town.network.settle()
    assert texts(town.bob).count("hi") == 1
    assert all(times == 1 for times in town.bob.device.deliveries.values())


def test_peer_messages_come_again(town: Wires) -> None:
    """A tablet joins while the first ciphertext of every peer message is damaged."""
    post = town.server.mailboxes.post
    seen: set[str] = set()

    def damaged(name: Any, event: Any) -> None:
        if isinstance(event, Delivery) and event.stanza.category == "peer" and event.stanza.id not in seen:
            seen.add(event.stanza.id)
            event = Delivery(broken(event.stanza))
        post(name, event)

    town.server.mailboxes.post = damaged  # type: ignore[method-assign]
    joined = town.companion(town.alice)
    assert seen and texts(joined) == texts(town.alice)
    assert dict(joined.device.sync_keys) == dict(town.alice.device.sync_keys)
    assert not town.alice.device.sent


def test_who_never_gets_it_does_not_ask_for_ever(town: Wires) -> None:
    town.break_next(town.bob, 1000)
    town.say(town.alice, "bob", "hi")
    assert len(town.bob.refusals) == LIMIT + 1
    assert "hi" not in texts(town.bob)
    assert texts(town.web).count("hi") == 1


def test_what_is_sent_again_goes_to_nobody_who_came_later(town: Wires) -> None:
    town.break_next(town.bob)
    town.network.clients.remove(town.alice)
    town.say(town.alice, "bob", "hi")
    tablet = town.companion(town.bob)
    before = texts(tablet)
    town.network.connect(town.alice)
    town.network.settle()
    assert texts(town.bob).count("hi") == 1
    assert "hi" not in before and texts(tablet) == before
