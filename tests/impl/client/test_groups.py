"""Groups of three users with five devices, through an honest server, in memory and on disk."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from impl.address import Address
from impl.client import Client
from impl.client.groups import add, create, leave, remove, send
from impl.client.linking import unlink
from impl.dialogue import (
    ChangeMembers,
    CreateGroup,
    Declined,
    FetchGroup,
    FetchGroups,
    Flow,
    GroupDelivery,
    SubmitToGroup,
    ask,
)
from impl.groups.membership import Change
from impl.phone import Phone
from impl.refusal import Refused
from impl.stanza import GroupStanza
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.content import Text
from tests.impl.client.town import NOW, Town, texts

T = TypeVar("T")


class Village(Town):
    """Alice with a desktop, Bob with a web client, Carol; `group` holds them all, and Alice made it."""

    def begin(self) -> None:
        self.alice, self.bob, self.carol = self.phone("alice"), self.phone("bob"), self.phone("carol")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.everybody = (self.alice, self.desktop, self.bob, self.web, self.carol)
        self.group = self.run(self.alice, create(self.alice.device, ("bob", "carol"), NOW))

    def run(self, client: Client, flow: Flow[T]) -> T:
        result = self.network.run(client, flow)
        self.network.settle()
        return result

    def offline(self, client: Client) -> None:
        self.network.clients.remove(client)

    def restarted(self, client: Client) -> Client:
        """The same device from its store, and nothing else."""
        again = Client(type(client.device)(client.device.store, self.entropy), client.clock)
        self.network.clients[self.network.clients.index(client)] = again
        return again

    def waiting(self, client: Client) -> list[GroupStanza]:
        entries = self.server.mailboxes.waiting(client.name)
        return [entry.event.stanza for entry in entries if isinstance(entry.event, GroupDelivery)]


@pytest.fixture(params=["memory", "disk"])
def village(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Village]:
    opened: list[SqliteStore] = []
    names = count()

    def on_disk() -> Store:
        opened.append(SqliteStore(tmp_path / f"{next(names)}.db", synced=False))
        return opened[-1]

    village = Village(on_disk if request.param == "disk" else MemoryStore)
    village.begin()
    yield village
    for store in opened:
        store.close()


def refusals(village: Village) -> list[str]:
    return [refusal.check for client in village.network.clients for refusal in client.refusals]


def test_everybody_hears_everybody(village: Village) -> None:
    for client in village.everybody:
        village.say(client, village.group, f"from {client.name}")
    for client in village.everybody:
        assert set(texts(client)) == {f"from {each.name}" for each in village.everybody}
        assert not client.device.outbox and not client.device.sent
    assert refusals(village) == []


def test_who_is_added_hears_what_follows(village: Village) -> None:
    dave = village.phone("dave")
    village.say(village.bob, village.group, "before")
    village.run(village.alice, add(village.alice.device, village.group, ("dave",), NOW))
    village.say(village.bob, village.group, "after")
    village.say(dave, village.group, "hello")
    assert texts(dave) == ["after", "hello"]
    assert texts(village.web) == ["before", "after", "hello"]
    assert village.carol.device.group_changes[village.group, 2] == Change(("dave",), (), NOW)
    assert refusals(village) == []


def test_who_is_removed_hears_nothing_more(village: Village) -> None:
    village.say(village.bob, village.group, "before")
    village.run(village.alice, remove(village.alice.device, village.group, ("carol",), NOW))
    village.say(village.bob, village.group, "after")
    assert texts(village.carol) == ["before"]
    assert texts(village.desktop) == ["before", "after"]
    with pytest.raises(Refused, match="member"):
        village.say(village.carol, village.group, "still here")


def test_who_leaves_is_gone_and_an_admin_has_an_heir(village: Village) -> None:
    village.run(village.alice, leave(village.alice.device, village.group, NOW))
    village.say(village.bob, village.group, "without Alice")
    assert texts(village.alice) == texts(village.desktop) == []
    assert village.server.groups.rosters[village.group].admin == "bob"
    assert village.carol.device.groups[village.group].members == ("bob", "carol")


def test_a_companion_of_a_member_is_unlinked(village: Village) -> None:
    village.say(village.carol, village.group, "before")
    kept = village.web.device.sender_keys[village.group, Address("carol", 0)]
    assert isinstance(village.bob.device, Phone)
    village.run(village.bob, unlink(village.bob.device, village.bob.device.live[0], NOW))
    village.say(village.carol, village.group, "after")
    assert texts(village.web) == [] and not village.web.device.sender_keys
    record = village.bob.device.sender_keys[village.group, Address("carol", 0)].record
    assert record.states[0].id not in {state.id for state in kept.record.states}


def test_a_companion_of_a_member_joins(village: Village) -> None:
    """It knows of no group, until somebody speaks there or its user does."""
    village.say(village.alice, village.group, "before")
    tablet, laptop = village.companion(village.carol), village.companion(village.carol)
    village.say(village.alice, village.group, "after")
    village.say(laptop, village.group, "hello")
    assert texts(tablet) == texts(laptop) == ["before", "after", "hello"]
    assert refusals(village) == []


def test_members_join_while_the_sender_knows_nothing_of_it(village: Village) -> None:
    """The server counts others than the sender did, who seals once more, for them alone."""
    village.phone("dave")
    village.offline(village.bob)
    village.run(village.alice, add(village.alice.device, village.group, ("dave",), NOW))
    tablet = village.companion(village.carol)
    village.offline(village.desktop)
    village.say(village.bob, village.group, "hi")
    dave = village.network.clients[-2]
    assert texts(dave) == texts(tablet) == texts(village.carol) == ["hi"]
    assert len(village.waiting(village.desktop)) == 1
    assert village.bob.device.deliveries == {} and not village.bob.device.outbox


def test_a_member_leaves_while_the_sender_knows_nothing_of_it(village: Village) -> None:
    village.offline(village.bob)
    village.run(village.alice, remove(village.alice.device, village.group, ("carol",), NOW))
    village.say(village.bob, village.group, "hi")
    assert texts(village.carol) == []
    assert texts(village.alice) == ["hi"]


def test_a_sender_who_was_removed_learns_it_from_the_server(village: Village) -> None:
    village.offline(village.carol)
    village.run(village.alice, remove(village.alice.device, village.group, ("carol",), NOW))
    with pytest.raises(Declined):
        village.say(village.carol, village.group, "still here")
    assert not village.carol.device.outbox and not village.carol.device.sent
    village.network.connect(village.carol)
    assert texts(village.bob) == []


def test_what_a_removed_sender_left_unsent_is_given_up(village: Village) -> None:
    next(send(village.carol.device, "id", village.group, Text("hi"), NOW))
    village.run(village.alice, remove(village.alice.device, village.group, ("carol",), NOW))
    village.network.connect(village.carol)
    assert not village.carol.device.outbox and texts(village.bob) == []


def test_a_sender_is_removed_while_it_seals_once_more(village: Village) -> None:
    village.phone("dave")
    village.offline(village.carol)
    village.run(village.alice, add(village.alice.device, village.group, ("dave",), NOW))
    flow = send(village.carol.device, "id", village.group, Text("hi"), NOW)
    request = flow.send(village.server.answer(village.carol.name, next(flow)))
    village.run(village.alice, remove(village.alice.device, village.group, ("carol",), NOW))
    with pytest.raises(Declined) as declined:
        village.server.answer(village.carol.name, request)
    with pytest.raises(Declined):
        flow.throw(declined.value)
    assert not village.carol.device.outbox


def test_a_sender_crashes_before_the_server_has_it(village: Village) -> None:
    """The same bytes go out after the restart."""
    flow = send(village.bob.device, "id", village.group, Text("hi"), NOW)
    request = next(flow)
    flow.close()
    bob = village.restarted(village.bob)
    village.network.connect(bob)
    assert isinstance(request, SubmitToGroup)
    assert {stanza.body for stanza in village.waiting(village.carol)} == {request.body}
    village.network.settle()
    assert texts(village.carol) == ["hi"] and refusals(village) == []


def test_a_sender_crashes_before_it_knows_that_the_server_has_it(village: Village) -> None:
    flow = send(village.bob.device, "id", village.group, Text("hi"), NOW)
    village.server.answer(village.bob.name, next(flow))
    flow.close()
    village.network.connect(village.restarted(village.bob))
    village.network.settle()
    village.say(village.alice, village.group, "who?")
    assert texts(village.carol) == ["hi", "who?"]
    assert all(times == 1 for times in village.carol.device.deliveries.values())


def test_a_receiver_crashes_between_key_and_message(village: Village) -> None:
    village.offline(village.carol)
    village.say(village.bob, village.group, "hi")
    (stanza,) = village.waiting(village.carol)
    village.carol.device.receive_sender_key(stanza)
    village.network.clients.append(village.carol)
    carol = village.restarted(village.carol)
    village.network.settle()
    assert texts(carol) == ["hi"] and carol.refusals == []


def test_a_receiver_crashes_before_it_says_so(village: Village) -> None:
    village.offline(village.carol)
    village.say(village.bob, village.group, "hi")
    (stanza,) = village.waiting(village.carol)
    village.carol.device.receive_sender_key(stanza)
    village.carol.device.receive_from_group(stanza, NOW)
    village.network.clients.append(village.carol)
    carol = village.restarted(village.carol)
    village.network.settle()
    assert texts(carol) == ["hi"] and carol.refusals == []
    assert not village.bob.device.sent


def test_after_a_restart_no_key_serves_twice(village: Village) -> None:
    bodies = set()
    bob = village.bob
    for number in range(4):
        flow = send(bob.device, f"id{number}", village.group, Text("same"), NOW)
        request = next(flow)
        assert isinstance(request, SubmitToGroup)
        bodies.add(request.body)
        flow.close()
        bob = village.restarted(bob)
    village.network.connect(bob)
    village.network.settle()
    assert len(bodies) == 4 and texts(village.carol) == ["same"] * 4 and refusals(village) == []


@pytest.mark.parametrize(
    "request_",
    [
        FetchGroup("1@g.us"),
        ChangeMembers("1@g.us", add=("carol",)),
        SubmitToGroup("id", "1@g.us", "2:", b"", ()),
        CreateGroup("key", ("nobody",)),
    ],
)
def test_what_the_server_declines(village: Village, request_: FetchGroup) -> None:
    with pytest.raises(Declined):
        village.server.answer(village.carol.name, request_)


def test_only_the_admin_changes_members(village: Village) -> None:
    village.phone("dave")
    for request in (ChangeMembers(village.group, add=("dave",)), ChangeMembers(village.group, remove=("alice",))):
        with pytest.raises(Declined):
            village.server.answer(village.bob.name, request)
    with pytest.raises(Declined):
        village.server.answer(village.alice.name, ChangeMembers(village.group, add=("nobody",)))


def test_a_wish_that_is_repeated_is_one_wish(village: Village) -> None:
    wish, change = CreateGroup("key", ("alice",)), ChangeMembers(village.group, remove=("carol",))
    group = village.server.answer(village.bob.name, wish).group
    village.server.answer(village.bob.name, ChangeMembers(group, add=("carol",)))
    assert village.server.answer(village.bob.name, wish).members == ("bob", "alice", "carol")
    assert [village.server.answer(village.alice.name, change).version for _ in range(2)] == [2, 2]


def test_a_group_that_is_full(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impl.server.groups.MEMBER_LIMIT", 3)
    village.phone("dave")
    with pytest.raises(Declined):
        village.server.answer(village.alice.name, ChangeMembers(village.group, add=("dave",)))
    assert len(village.server.groups.rosters[village.group].members) == 3


def test_a_key_travels_only_with_messages_of_its_sender(village: Village) -> None:
    village.offline(village.carol)
    request = next(send(village.bob.device, "id", village.group, Text("hi"), NOW))
    village.server.answer(village.alice.name, request)
    (stanza,) = village.waiting(village.carol)
    assert stanza.sender == village.alice.name and stanza.distribution is None


def test_strangers_meet_in_a_group(village: Village) -> None:
    """Who is brought together by a group has the other's devices only through it."""
    dave, erin = village.phone("dave"), village.phone("erin")
    group = village.run(dave, create(dave.device, ("erin", "carol"), NOW))
    village.say(village.carol, group, "hi")
    assert texts(dave) == texts(erin) == ["hi"] and refusals(village) == []


def test_everybody_is_told_what_a_group_is_called(village: Village) -> None:
    group = village.run(village.alice, create(village.alice.device, ("bob",), NOW, subject="Walks"))
    rosters = village.network.run(village.bob, ask(FetchGroups()))
    assert [(each.group, each.subject) for each in rosters] == [(village.group, ""), (group, "Walks")]
    assert [each.group for each in village.network.run(village.carol, ask(FetchGroups()))] == [village.group]
