"""Hints in messages, lists that grow old, security codes: between clients, in memory and on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from impl.client import Client
from impl.client.groups import create
from impl.client.linking import unlink
from impl.dialogue import DevicesChanged, FetchDevices, Request
from impl.durations import DAY, HOUR
from impl.list_expiry import REISSUE
from impl.list_validity import EXPIRY, RECHECK, UNFULFILLED
from impl.lists import issue
from impl.phone import Phone
from impl.refusal import Refused
from impl.security_code import digits, matches
from impl.store import MemoryStore, SqliteStore, Store
from tests.impl.client.town import Town, texts


class Quiet(Town):
    """Alice with a desktop, Bob with a web client. The server tells nobody of changed lists if it is `silent`.

    `queries` are the users whose lists were asked for, `withheld` those whose newer lists it keeps back.
    """

    def begin(self) -> None:
        self.silent = False
        self.queries: list[str] = []
        self.withheld: dict[str, Any] = {}
        post, answer = self.server.mailboxes.post, self.server.answer

        def posted(name: Any, event: Any) -> None:
            if not (self.silent and isinstance(event, DevicesChanged)):
                post(name, event)

        def answered(name: Any, request: Request[Any]) -> Any:
            result = answer(name, request)
            if isinstance(request, FetchDevices):
                self.queries += request.users
                return {user: self.withheld.get(user, devices) for user, devices in result.items()}
            return result

        self.server.mailboxes.post = posted  # type: ignore[method-assign]
        self.server.answer = answered  # type: ignore[method-assign]
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.desktop, self.web = self.companion(self.alice), self.companion(self.bob)
        self.say(self.alice, "bob", "hello")
        self.say(self.bob, "alice", "hello")
        self.queries.clear()

    def tick(self, client: Client) -> None:
        self.network.run(client, client.tick())
        self.network.settle()

    def withhold(self, user: str) -> None:
        self.withheld[user] = self.server.directory.lookup(user)

    def remove(self, phone: Client) -> None:
        assert isinstance(phone.device, Phone)
        self.network.run(phone, unlink(phone.device, phone.device.live[-1], self.time))
        self.network.settle()


@pytest.fixture(params=["memory", "disk"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Quiet]:
    opened: list[SqliteStore] = []

    def on_disk() -> Store:
        opened.append(SqliteStore(tmp_path / f"{len(opened)}.db", synced=False))
        return opened[-1]

    town = Quiet(on_disk if request.param == "disk" else MemoryStore)
    town.begin()
    yield town
    for store in opened:
        store.close()


def timestamp(client: Client, user: str) -> int:
    return client.device.views[user].list.timestamp


# hints


def test_when_all_agree_nobody_asks(town: Quiet) -> None:
    for client, chat in ((town.alice, "bob"), (town.web, "alice"), (town.desktop, "bob")):
        town.say(client, chat, "hi")
    assert town.queries == []


def test_a_companion_that_was_removed_in_silence_is_noticed(town: Quiet) -> None:
    """The server tells nobody; the next message of the account does."""
    town.time += HOUR
    town.silent = True
    town.remove(town.alice)
    assert timestamp(town.bob, "alice") != timestamp(town.alice, "alice")
    town.say(town.alice, "bob", "hi")
    for client in (town.bob, town.web):
        assert timestamp(client, "alice") == timestamp(town.alice, "alice")
        assert not client.device.doubted_lists
        assert client.device.queried["alice"] == town.time


def test_groups_bring_hints_too(town: Quiet) -> None:
    group = town.network.run(town.alice, create(town.alice.device, ("bob",), town.time))
    town.network.settle()
    town.time += HOUR
    town.silent = True
    town.remove(town.alice)
    town.say(town.alice, group, "hi")
    assert timestamp(town.web, "alice") == timestamp(town.alice, "alice")


def test_a_hint_makes_for_one_query_a_minute(town: Quiet) -> None:
    """The server keeps the newer list back: it is asked now and then, not with every message."""
    town.time += HOUR
    town.silent = True
    town.withhold("alice")
    town.network.clients.remove(town.web)
    town.remove(town.alice)
    town.queries.clear()
    for seconds in (0, 20, 20, 19, 1):
        town.time += seconds
        town.say(town.alice, "bob", "hi")
    assert town.queries.count("alice") == 2
    assert not town.bob.device.doubted_lists


def test_a_query_that_was_cut_short_is_made_again(town: Quiet) -> None:
    town.time += HOUR
    town.silent = True
    town.remove(town.alice)
    town.network.clients.remove(town.bob)
    town.say(town.alice, "bob", "hi")
    for entry in town.server.mailboxes.waiting(town.bob.name):
        flow = town.bob.handle(entry)
        request = next(flow)
        while not isinstance(request, FetchDevices):
            request = flow.send(town.server.answer(town.bob.name, request))
        flow.close()
    assert "alice" in town.bob.device.doubted_lists
    town.network.connect(town.bob)
    assert timestamp(town.bob, "alice") == timestamp(town.alice, "alice")


def test_what_others_say_of_an_account_only_leads_to_a_query(town: Quiet) -> None:
    """Bob's word cannot make Alice's desktop believe that its own list is overdue, and throw it out early."""
    town.time += HOUR
    town.silent = True
    town.withhold("alice")
    assert isinstance(town.alice.device, Phone)
    with town.alice.device.store.transaction():
        newer = issue(town.alice.device, town.alice.device.live, 1, town.time)
    town.bob.device.learn_list("alice", newer.signed, town.time)
    town.say(town.bob, "alice", "hi")
    assert town.queries == ["alice"] * 3  # both devices of Alice did, and Bob's other one
    assert not town.desktop.device.expected and not town.web.device.expected


# expiry


def daily(town: Quiet, client: Client) -> None:
    """The first check of a client only records the time."""
    town.tick(client)


def test_an_old_list_is_queried_again(town: Quiet) -> None:
    daily(town, town.bob)
    town.withhold("alice")
    town.time += RECHECK + HOUR
    town.tick(town.bob)
    assert town.queries.count("alice") == 1
    town.time += HOUR
    town.tick(town.bob)
    assert town.queries.count("alice") == 1
    town.time += DAY
    town.tick(town.bob)
    assert town.queries.count("alice") == 2
    assert town.bob.device.views["alice"].list.valid_indexes == (0, 1)


def test_an_expired_list_leaves_the_phone_alone(town: Quiet) -> None:
    group = town.network.run(town.bob, create(town.bob.device, ("alice",), town.time))
    town.network.settle()
    town.say(town.bob, group, "hi")
    daily(town, town.bob)
    town.withhold("alice")
    assert town.desktop.device.address in town.bob.device.records
    town.time += EXPIRY + HOUR
    town.tick(town.bob)
    assert town.desktop.device.address not in town.bob.device.records
    assert group not in town.bob.device.own_sender_keys
    town.say(town.bob, "alice", "to the phone")
    assert "to the phone" in texts(town.alice) and "to the phone" not in texts(town.desktop)
    # the list that has expired does not come back, a newer one does
    town.tick(town.bob)
    assert town.bob.device.views["alice"].list.valid_indexes == (0,)
    town.withheld.clear()
    town.tick(town.alice)
    town.say(town.bob, "alice", "to all")
    assert "to all" in texts(town.desktop)


def test_a_newer_list_that_does_not_come_lets_the_old_one_expire(town: Quiet) -> None:
    daily(town, town.bob)
    town.time += DAY
    town.silent = True
    town.withhold("alice")
    town.remove(town.alice)
    town.say(town.alice, "bob", "hi")
    expected = town.bob.device.expected["alice"]
    assert expected.timestamp == timestamp(town.alice, "alice")
    town.time += UNFULFILLED + HOUR
    town.say(town.alice, "bob", "once more")
    assert town.bob.device.expected["alice"] == expected  # no later for having been said again
    town.tick(town.bob)
    assert town.bob.device.views["alice"].list.valid_indexes == (0,)


def test_of_two_newer_lists_the_newest_is_awaited(town: Quiet) -> None:
    """Else the server shows the one in between, and that there is another is forgotten."""
    town.companion(town.alice)
    town.silent = True
    town.withhold("alice")
    for _ in range(2):
        town.time += HOUR
        town.remove(town.alice)
        town.say(town.alice, "bob", "hi")
    expected = town.bob.device.expected["alice"]
    assert (expected.timestamp, expected.learned) == (timestamp(town.alice, "alice"), town.time - HOUR)


def test_a_companion_whose_own_list_has_expired_leaves(town: Quiet) -> None:
    daily(town, town.desktop)
    desktop = town.desktop.device.address
    town.network.clients.remove(town.alice)
    town.time += EXPIRY + HOUR
    town.tick(town.desktop)
    assert town.desktop.device.address is None and town.desktop.device.conversation == []
    assert desktop not in town.server.directory.addresses("alice")


def test_a_phone_that_is_there_keeps_everything_going(town: Quiet) -> None:
    for client in (town.alice, town.desktop, town.bob, town.web):
        daily(town, client)
    for _ in range(2 * EXPIRY // REISSUE):
        town.time += REISSUE + HOUR
        for client in (town.alice, town.bob, town.desktop, town.web):
            town.tick(client)
    for client in (town.desktop, town.bob, town.web):
        assert timestamp(client, "alice") == timestamp(town.alice, "alice") == town.time
        assert client.device.views["alice"].list.valid_indexes == (0, 1)
    town.say(town.web, "alice", "still here")
    assert texts(town.desktop)[-1] == "still here"


def test_a_phone_alone_has_nothing_to_date_anew(town: Quiet) -> None:
    carol = town.phone("carol")
    before = timestamp(carol, "carol")
    town.time += REISSUE + HOUR
    town.tick(carol)
    assert timestamp(carol, "carol") == before


def test_a_reissue_that_was_cut_short_is_published_later(town: Quiet) -> None:
    town.time += REISSUE + HOUR
    town.alice.tick().send(None)
    assert timestamp(town.bob, "alice") < timestamp(town.alice, "alice")
    town.network.connect(town.alice)
    town.network.settle()
    assert timestamp(town.bob, "alice") == timestamp(town.alice, "alice")


# security codes


def test_all_devices_of_two_accounts_see_one_code(town: Quiet) -> None:
    mine = [town.alice.device.security_code("bob"), town.desktop.device.security_code("bob")]
    yours = [town.bob.device.security_code("alice"), town.web.device.security_code("alice")]
    assert len({digits(code) for code in (*mine, *yours)}) == 1
    assert all(matches(scanned, own) for scanned in mine for own in yours)


@pytest.mark.parametrize("change", [lambda town: town.companion(town.alice), lambda town: town.remove(town.alice)])
def test_another_device_makes_another_code(town: Quiet, change: Callable[[Quiet], object]) -> None:
    before = town.web.device.security_code("alice")
    change(town)
    after = town.web.device.security_code("alice")
    assert digits(after) != digits(before) and not matches(before, town.alice.device.security_code("bob"))
    assert matches(after, town.alice.device.security_code("bob"))


def test_no_code_while_a_listed_device_is_not_known(town: Quiet) -> None:
    with pytest.raises(Refused, match="met"):
        town.web.device.security_code("carol")
