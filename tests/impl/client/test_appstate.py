"""App state among the devices of an account, with an honest server (A4, and what crashes leave)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from impl.appstate import effects, syncing
from impl.appstate.actions import Archive, Contact, DeleteMessage, Mute, Pin, PushName, Star
from impl.appstate.writing import Intent
from impl.client import Client, drive
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import Flow, Request
from impl.phone import Phone
from impl.server.collections import KEPT
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.appstate import CollectionName, Operation
from tests.impl.client.states import BOB, CAROL, agree, change, settings
from tests.impl.client.town import Town, texts

STORES = ("memory", "sqlite")


@pytest.fixture(params=STORES)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    opened: list[SqliteStore] = []

    def store() -> Store:
        if request.param == "memory":
            return MemoryStore()
        opened.append(SqliteStore(tmp_path / str(len(opened)), synced=False))
        return opened[-1]

    yield store
    for each in opened:
        each.close()


def test_every_device_shows_what_any_of_them_set() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, web = town.companion(phone), town.companion(phone)
    change(town, phone, PushName("Alice"))
    change(town, desktop, Contact(BOB, "Bob Bobson"))
    change(town, web, Mute(BOB, True, -1))
    change(town, desktop, Pin(BOB, True))
    agree(phone, desktop, web)
    for client in (phone, desktop, web):
        assert effects.find(client.device, PushName) == PushName("Alice")
        assert effects.find(client.device, Contact, BOB) == Contact(BOB, "Bob Bobson")
        assert effects.chat_view(client.device, "bob") == effects.ChatView(True, -1, True, False, None)
    change(town, web, Pin(BOB, False))
    change(town, phone, Contact(BOB), Operation.REMOVE)
    agree(phone, desktop, web)
    assert not effects.chat_view(desktop.device, "bob").pinned
    assert effects.find(desktop.device, Contact, BOB) is None


def test_what_was_set_before_linking_comes_to_a_new_companion() -> None:
    town = Town()
    phone = town.phone("alice")
    change(town, phone, PushName("Alice"))
    change(town, phone, Pin(BOB, True))
    desktop = town.companion(phone)
    agree(phone, desktop)
    assert effects.chat_view(desktop.device, "bob").pinned


def test_a_device_that_is_away_catches_up() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, web = town.companion(phone), town.companion(phone)
    town.network.clients.remove(web)
    for pinned in (True, False, True):
        change(town, desktop, Pin(BOB, pinned))
    town.network.connect(web)
    town.network.settle()
    agree(phone, desktop, web)


def test_of_two_devices_at_once_the_later_wins() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, web = town.companion(phone), town.companion(phone)
    change(town, phone, Pin(BOB, False))
    town.time += 10
    web.device.intend(Pin(BOB, True), Operation.SET, town.time)
    web.device.intend(Archive(CAROL, True), Operation.SET, town.time)
    town.time += 10
    town.network.run(desktop, desktop.change(Pin(BOB, False)))
    assert effects.chat_view(web.device, "bob").pinned
    town.network.run(web, web.change(Mute(BOB, True)))
    town.network.connect(web)
    town.network.settle()
    agree(phone, desktop, web)
    assert not effects.chat_view(phone.device, "bob").pinned
    assert effects.chat_view(phone.device, "carol").archived


def test_a_later_wish_overrides_what_its_device_saw_whatever_the_clock_says() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    change(town, desktop, Pin(BOB, True))
    town.time -= 1000
    change(town, phone, Pin(BOB, False))
    change(town, phone, Pin(BOB, True))
    change(town, phone, Pin(BOB, False))
    agree(phone, desktop)
    assert not effects.chat_view(desktop.device, "bob").pinned


def test_a_wish_shows_until_it_is_overtaken() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    phone.device.intend(Pin(BOB, False), Operation.SET, town.time)
    desktop.device.intend(Pin(BOB, True), Operation.SET, town.time + 1)
    patch = phone.device.propose(CollectionName.REGULAR_LOW)
    assert patch is not None
    desktop.device.take_patch(CollectionName.REGULAR_LOW, patch)
    assert effects.chat_view(desktop.device, "bob").pinned and desktop.device.intents


def test_an_action_in_a_collection_where_it_does_not_belong_does_nothing() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    change(town, phone, Pin(BOB, True))
    (intended,) = (each.data for each in settings(phone).values())
    with desktop.device.store.transaction():
        desktop.device.intents[CollectionName.REGULAR, intended.index] = Intent(Operation.SET, intended)
    town.network.connect(desktop)
    town.network.settle()
    agree(phone, desktop)
    assert syncing.head(phone.device, CollectionName.REGULAR).version == 1
    assert effects.chat_view(phone.device, "bob").pinned


def test_removing_what_is_not_there_is_said_to_nobody() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    change(town, desktop, Contact(BOB), Operation.REMOVE)
    agree(phone, desktop)
    assert not town.server.collections.versions


def test_a_message_deleted_for_me_goes_on_every_device_and_nowhere_else() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    desktop = town.companion(alice)
    first, _ = town.say(bob, "alice", "delete me"), town.say(bob, "alice", "keep me")
    change(town, desktop, DeleteMessage(BOB, first, False, None))
    assert texts(alice) == texts(desktop) == ["keep me"]
    assert texts(bob) == ["delete me", "keep me"]


def test_an_action_waits_for_its_message() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    desktop, late = town.companion(alice), town.companion(alice)
    town.network.clients.remove(late)
    deleted, starred = town.say(bob, "alice", "deleted"), town.say(bob, "alice", "starred")
    change(town, desktop, DeleteMessage(BOB, deleted, False, None))
    change(town, desktop, Star(BOB, starred, False, None, True))
    town.network.run(late, late.connect())
    assert texts(late) == []
    town.network.connect(late)
    town.network.settle()
    assert texts(late) == ["starred"]
    assert all(effects.starred(late.device, message) for message in late.device.conversation)
    agree(alice, desktop, late)


def test_old_patches_become_a_snapshot() -> None:
    town = Town()
    phone, old = town.phone("alice"), None
    for number in range(2 * KEPT + 1):
        change(town, phone, Pin(f"{number and 1 + number % 5}@s.whatsapp.net", bool(number % 2)))
        old = old or town.companion(phone)
        if number == 3:
            town.network.clients.remove(old)
            change(town, phone, Pin("0@s.whatsapp.net", True), Operation.REMOVE)
            change(town, phone, Contact(BOB, "Bob"))
    new = town.companion(phone)
    assert len(town.server.blobs.files) == 1
    agree(phone, new)
    town.network.connect(old)
    town.network.settle()
    agree(phone, new, old)


def test_a_patch_that_is_large_goes_as_a_file() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    many_contacts(town, phone)
    change(town, phone, Contact(BOB, "Bob"))
    assert len(town.server.blobs.files) == 1
    agree(phone, desktop)
    assert len(desktop.device.entries) == 501


def many_contacts(town: Town, client: Client) -> None:
    for number in range(500):
        client.device.intend(Contact(f"{number}@s.whatsapp.net", f"Number {number}"), Operation.SET, town.time)


def test_files_that_nobody_needs_go() -> None:
    town = Town()
    phone, files = town.phone("alice"), town.server.blobs.files
    desktop = town.companion(phone)
    many_contacts(town, desktop)
    town.network.run(phone, phone.change(Contact(BOB, "Bob")))
    change(town, desktop, Contact(CAROL, "Carol"))
    assert len(files) == 1
    for _ in range(4 * KEPT):
        town.network.run(phone, phone.change(Contact(BOB, "Bob")))
    assert len(files) == 1
    many_contacts(town, phone)
    town.network.run(phone, phone.change(Contact(CAROL, "Carol")))
    assert len(files) == 2
    town.network.clients.clear()
    town.phone("alice")
    assert not files


def test_a_phone_that_registers_anew_begins_anew() -> None:
    town = Town()
    former = town.phone("alice")
    change(town, former, Pin(BOB, True))
    town.network.clients.remove(former)
    phone = town.phone("alice")
    change(town, phone, Pin(CAROL, True))
    assert phone.refusals == []
    assert settings(phone).keys() == {("pin_v1", CAROL)}


class Crash(Exception):
    """The process ends."""


def crashing(town: Town, client: Client, flow: Flow[Any], requests: int, heard: bool) -> bool:
    """Whether the flow was cut short at a request, after the server `heard` it or before."""
    left = itertools.count(requests, -1)

    def answer(request: Request[Any]) -> Any:
        cut = next(left) == 0
        if cut and not heard:
            raise Crash
        reply = town.server.answer(client.name, request)
        if cut:
            raise Crash
        return reply

    try:
        drive(flow, answer)
    except Crash:
        return True
    return False


def restarted(town: Town, client: Client, kind: type[Phone] | type[Companion]) -> Client:
    """The same store, and nothing else of before."""
    again = Client(kind(client.device.store, town.entropy), client.clock)
    town.network.clients[town.network.clients.index(client)] = again
    town.network.connect(again)
    return again


@pytest.mark.parametrize("heard", [False, True])
def test_a_crash_loses_no_wish_and_does_nothing_twice(stores: Callable[[], Store], heard: bool) -> None:
    town = Town()
    phone = town.phone("alice", stores())
    desktop = town.companion(phone, stores())
    for requests in itertools.count():
        name = f"{requests}@s.whatsapp.net"
        crashed = crashing(town, desktop, desktop.change(Pin(name, True)), requests, heard)
        desktop = restarted(town, desktop, Companion)
        town.network.settle()
        agree(phone, desktop)
        assert effects.find(phone.device, Pin, name) == Pin(name, True)
        assert syncing.head(phone.device, CollectionName.REGULAR_LOW).version == requests + 1
        if not crashed:
            return


def test_a_second_wish_within_the_second_of_the_first() -> None:
    """The first is at the server, and its device does not know that."""
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    assert crashing(town, desktop, desktop.change(Pin(BOB, True)), 0, heard=True)
    desktop.device.intend(Pin(BOB, False), Operation.SET, town.time)
    restarted(town, desktop, Companion)
    town.network.settle()
    agree(phone, *town.network.clients)
    assert not effects.chat_view(phone.device, "bob").pinned


@pytest.mark.parametrize("heard", [False, True])
def test_a_crash_while_catching_up(stores: Callable[[], Store], heard: bool) -> None:
    town = Town()
    phone = town.phone("alice", stores())
    desktop = town.companion(phone, stores())
    for requests in itertools.count():
        town.network.run(phone, phone.change(Pin(f"{requests}@s.whatsapp.net", True)))
        (entry,) = town.server.mailboxes.waiting(desktop.name)
        crashed = crashing(town, desktop, desktop.handle(entry), requests, heard)
        desktop = restarted(town, desktop, Companion)
        town.network.settle()
        agree(phone, desktop)
        if not crashed:
            return


def test_wishes_of_a_companion_without_keys_wait() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    device: Device = desktop.device
    with device.store.transaction():
        device.sync_keys.clear()
    change(town, desktop, Pin(BOB, True))
    assert effects.chat_view(device, "bob").pinned and device.intents
    assert not effects.chat_view(phone.device, "bob").pinned
