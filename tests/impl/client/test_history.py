"""The history of a phone, part by part, with an honest server: H1, H4, H5, H6, and what crashes leave."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from impl import peer_messages
from impl.address import Address
from impl.client import Client, peer
from impl.client.drive import drive
from impl.client.linking import scan, show_qr, unlink
from impl.companion import Companion
from impl.dialogue import Declined, Download, Flow, Request
from impl.durations import DAY
from impl.history import demand, parts, sharing
from impl.history.importing import RETRIES
from impl.messages import MessageKey, StoredMessage
from impl.phone import Phone
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.content import ChunkRetry, DeviceSent, HistoryRequest, HistoryType, Media, PeerBody, Timer
from tests.impl.client.town import NOW, Town
from tests.impl.refusals import refused

PART = 10
ALICE = Address("alice", 0)
MEDIUM = Media("image", "/a", "image/png", bytes(32), bytes(32), 1, bytes(32), "look", timer=Timer(60, 1))


@pytest.fixture(params=["memory", "file"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    opened: list[SqliteStore] = []

    def store() -> Store:
        if request.param == "memory":
            return MemoryStore()
        opened.append(SqliteStore(tmp_path / f"{len(opened)}.store", synced=False))
        return opened[-1]

    yield store
    for each in opened:
        each.close()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", PART)
    monkeypatch.setattr(parts, "NEWEST", 2)
    monkeypatch.setattr(Phone, "inline_limit", 0)  # every part has a blob


def talk(client: Client, count: int, chat: str = "bob", first: int = 0) -> list[StoredMessage]:
    """A conversation of long ago, one message a day until the day before linking."""
    device = client.device
    author = Address(chat, 0) if "@" not in chat else Address("bob", 0)
    told = []
    with device.store.transaction():
        for number in range(first, first + count):
            when = NOW - 86400 * (first + count - number)
            message = StoredMessage(f"{chat}{number}", author, chat, f"said {number}", "received", when)
            device.messages[message.key] = message
            told.append(message)
    return told


def phone_of(client: Client) -> Phone:
    assert isinstance(client.device, Phone)
    return client.device


def companion_of(client: Client) -> Companion:
    assert isinstance(client.device, Companion)
    return client.device


def linked(town: Town, phone: Client, store: Store | None = None) -> Client:
    """A companion that has signed, whose phone has not heard of it yet."""
    client = Client(Companion.create(town.entropy, town.time, store=store or town.stores()), lambda: town.time)
    town.network.connect(client)
    device = companion_of(client)
    town.network.run(phone, scan(phone_of(phone), town.network.run(client, show_qr(device)), town.time))
    (entry,) = town.server.mailboxes.waiting(client.name)
    town.network.run(client, client.handle(entry))
    town.network.run(client, client.connect())
    return client


def whole(town: Town, phone: Client, companion: Client) -> None:
    """The companion has all, and nothing is left anywhere."""
    assert set(companion.device.messages) == set(phone.device.messages)
    assert companion_of(companion).history_progress == 100
    assert not town.server.blobs.files
    assert not phone_of(phone).sharings and not phone_of(phone).history_left and not phone.device.uploads
    assert not phone.device.outbox and not phone.device.sent
    assert not companion_of(companion).history_handled


def chunks(companion: Client) -> dict[HistoryType, list[int]]:
    found: dict[HistoryType, list[int]] = {}
    for kind, chunk in companion_of(companion).history_parts:
        found.setdefault(kind, []).append(chunk)
    return found


def test_newest_first_then_recent_then_all(stores: Callable[[], Store]) -> None:
    town = Town(stores)
    phone = town.phone("alice")
    talk(phone, 125, "bob")
    talk(phone, 3, "120363@g.us")
    with phone.device.store.transaction():
        message = StoredMessage("m", Address("bob", 0), "bob", "look", "received", NOW, MEDIUM, MEDIUM.timer)
        phone.device.messages[message.key] = message
    desktop = town.companion(phone)
    assert phone.refusals == desktop.refusals == []
    assert chunks(desktop) == {
        HistoryType.INITIAL_BOOTSTRAP: [0],
        HistoryType.RECENT: list(range(10)),
        HistoryType.FULL: list(range(4)),
    }
    whole(town, phone, desktop)
    told = {message.key: (message, message.timestamp) for message in phone.device.messages.values()}
    assert {message.key: (message, message.timestamp) for message in desktop.device.messages.values()} == told
    assert [m.id for m in desktop.device.chat("bob")] == [f"bob{n}" for n in range(125)] + ["m"]


def test_an_account_without_history() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    assert chunks(desktop) == {HistoryType.INITIAL_BOOTSTRAP: [0]}
    whole(town, phone, desktop)


def test_a_part_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SIZE", 1)
    town = Town()
    phone = town.phone("alice")
    talk(phone, 3)
    desktop = town.companion(phone)
    assert chunks(desktop)[HistoryType.RECENT] == [0, 1, 2]
    whole(town, phone, desktop)


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


def in_steps(town: Town, phone: Client, desktop: Client, crash: int, heard: bool) -> tuple[Client, Client, bool]:
    """Everybody handles what comes; whoever makes the request of this number crashes, and is started again.

    Answers with the clients, and whether there was such a request.
    """
    clients: dict[type[Phone] | type[Companion], Client] = {Phone: phone, Companion: desktop}
    passed = 0
    while waiting := [(kind, each) for kind, each in clients.items() if town.server.mailboxes.waiting(each.name)]:
        for kind, client in waiting:
            (entry, *_) = town.server.mailboxes.waiting(client.name)
            counted = [0]
            flow = counting(client.handle(entry), counted)
            if crashing(town, client, flow, crash - passed, heard):
                clients[kind] = restarted(town, client, kind)
            passed += counted[0]
    return clients[Phone], clients[Companion], crash < passed


def counting(flow: Flow[None], counted: list[int]) -> Flow[None]:
    """The same flow, which counts its requests."""
    try:
        request = next(flow)
        while True:
            counted[0] += 1
            try:
                answer = yield request
            except Declined as declined:
                request = flow.throw(declined)
            else:
                request = flow.send(answer)
    except StopIteration:
        pass


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("step", [1, 7])
def test_a_crash_anywhere_loses_nothing(tmp_path: Path, step: int, heard: bool) -> None:
    """At every request with stores in memory, at every seventh with files."""
    for crash in itertools.count(0, step):
        files = [SqliteStore(tmp_path / f"{crash}{name}", synced=False) for name in "ab"] if step > 1 else []
        town = Town()
        phone = town.phone("alice", files[0] if files else None)
        talk(phone, 25)
        desktop = linked(town, phone, files[1] if files else None)
        phone, desktop, crashed = in_steps(town, phone, desktop, crash, heard)
        whole(town, phone, desktop)
        assert phone.refusals == desktop.refusals == []
        for file in files:
            file.close()
        if not crashed:
            return


def test_nothing_goes_out_after_an_unlinking(stores: Callable[[], Store]) -> None:
    town = Town(stores)
    phone = town.phone("alice")
    talk(phone, 25)
    desktop = linked(town, phone)
    for _ in range(2):
        for entry in town.server.mailboxes.waiting(phone.name):
            town.network.run(phone, phone.handle(entry))
    assert town.server.blobs.files
    notices = set(phone_of(phone).history_left)
    town.network.run(phone, unlink(phone_of(phone), 1, town.time))
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    assert not town.server.blobs.files
    assert not phone_of(phone).sharings and not phone_of(phone).history_left
    assert notices and notices.isdisjoint({*phone.device.outbox, *phone.device.sent})
    assert not phone.device.uploads
    assert not desktop.device.messages


def test_a_confirmation_after_the_unlinking_brings_nothing() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    ((address, sharing_),) = phone_of(phone).sharings.items()
    phone_of(phone).unlink(1, town.time)
    before = set(phone.device.uploads) | set(phone.device.outbox)
    phone_of(phone).history_confirmed(sharing_.message_id, address, town.time)
    assert set(phone.device.uploads) | set(phone.device.outbox) == before
    assert not phone_of(phone).sharings


def test_a_confirmation_counts_once() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    ((address, sharing_),) = phone_of(phone).sharings.items()
    phone_of(phone).history_confirmed(sharing_.message_id, address, town.time)
    once = phone.device.snapshot()
    phone_of(phone).history_confirmed(sharing_.message_id, address, town.time)
    assert phone.device.snapshot() == once


def test_what_waits_for_an_unlinked_companion_is_not_even_uploaded() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    ((address, sharing_),) = phone_of(phone).sharings.items()
    phone_of(phone).history_confirmed(sharing_.message_id, address, town.time)
    assert phone.device.uploads
    phone_of(phone).unlink(1, town.time)
    uploaded = set(town.server.blobs.files)
    town.network.run(phone, phone.connect())
    assert not set(town.server.blobs.files) - uploaded
    assert not phone.device.uploads and not phone_of(phone).history_left


def test_only_the_part_on_its_way_is_shared_again() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    desktop = linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    town.network.run(desktop, desktop.connect())
    before = dict(phone_of(phone).sharings)
    phone_of(phone).share_history_again(asked(desktop, ChunkRetry(HistoryType.RECENT, 0, "another")), town.time)
    assert dict(phone_of(phone).sharings) == before
    (sharing_,) = before.values()
    retry = ChunkRetry(HistoryType.INITIAL_BOOTSTRAP, 0, sharing_.message_id)
    phone_of(phone).share_history_again(asked(desktop, retry), town.time)
    (again,) = phone_of(phone).sharings.values()
    assert again.message_id != sharing_.message_id and again.place == sharing_.place


def test_what_baileys_asks_comes_as_a_copy_and_is_the_same() -> None:
    town = Town()
    phone = town.phone("alice")
    said = talk(phone, 25)
    desktop = linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    town.network.run(desktop, desktop.connect())
    before = HistoryRequest("bob", said[-1].key.id, said[-1].author.user == "alice", 3, said[-1].timestamp * 1000)
    with refused(phone.device, "own_copy"):
        phone_of(phone).answer_history_request(asked(desktop, DeviceSent("bob", before)), town.time)
    town.network.run(phone, peer.receive(phone.device, asked(desktop, DeviceSent("alice", before)), town.time))
    notice = phone_of(phone).history_left
    assert len(notice) == 2, "the part under way, and what was asked for"


def test_what_is_asked_of_the_phone_is_no_message() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = linked(town, phone)
    for entry in town.server.mailboxes.waiting(phone.name):
        town.network.run(phone, phone.handle(entry))
    town.network.run(desktop, desktop.connect())
    with refused(phone.device, "content"):
        phone.device.receive(asked(desktop, DeviceSent("alice", HistoryRequest("bob", "A", True, 1, 1))), town.time)


def asked(client: Client, body: PeerBody | DeviceSent, to: Address = ALICE) -> Stanza:
    with client.device.store.transaction():
        message_id = peer_messages.put(client.device, to, body, NOW)  # type: ignore[arg-type]
    return client.device.outbox[message_id].stanzas[0]


@pytest.mark.parametrize("body", [ChunkRetry(HistoryType.RECENT, 0, "A"), HistoryRequest("alice", "A", True, 1, 1)])
def test_strangers_get_no_history(body: PeerBody) -> None:
    town = Town()
    phone, bob = town.phone("alice"), town.phone("bob")
    town.say(phone, "bob", "hi")
    town.say(bob, "alice", "ho")
    stanza = asked(bob, body)
    step = (
        phone_of(phone).share_history_again if isinstance(body, ChunkRetry) else phone_of(phone).answer_history_request
    )
    with refused(phone.device, "from_own_account"):
        step(stanza, town.time)


def losing(town: Town, monkeypatch: pytest.MonkeyPatch, times: int, damaged: bool) -> list[str]:
    """The server loses or damages so many of the blobs that are fetched; answers with what was fetched."""
    fetched: list[str] = []
    honest = town.server.answer

    def answer(client: Any, request: Request[Any]) -> Any:
        if not isinstance(request, Download):
            return honest(client, request)
        fetched.append(request.path)
        if len(fetched) > times:
            return honest(client, request)
        if damaged:
            return bytes(100)
        raise Declined(404, "lost")

    monkeypatch.setattr(town.server, "answer", answer)
    return fetched


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("times", [1, RETRIES])
def test_a_lost_part_is_asked_for_again(monkeypatch: pytest.MonkeyPatch, damaged: bool, times: int) -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    fetched = losing(town, monkeypatch, times, damaged)
    desktop = town.companion(phone)
    assert [refusal.check for refusal in desktop.refusals] == ["blob_intact"] * times
    assert len(set(fetched)) == len(fetched)
    assert not companion_of(desktop).history_retries
    whole(town, phone, desktop)


def test_a_part_that_is_always_lost_holds_up_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    losing(town, monkeypatch, 1 + RETRIES, damaged=True)
    desktop = town.companion(phone)
    assert HistoryType.INITIAL_BOOTSTRAP not in chunks(desktop)
    whole(town, phone, desktop)


def test_the_place_where_the_phone_stopped_may_be_deleted() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 25)
    desktop = linked(town, phone)
    while not any(sharing_.place.start for sharing_ in phone_of(phone).sharings.values()):
        for client in (phone, desktop):
            for entry in town.server.mailboxes.waiting(client.name):
                town.network.run(client, client.handle(entry))
    (sharing_,) = phone_of(phone).sharings.values()
    assert sharing_.next is not None and sharing_.next.start is not None
    with phone.device.store.transaction():
        del phone.device.messages[sharing_.next.start]
    town.network.settle()
    assert set(phone.device.messages) < set(desktop.device.messages)
    assert not phone_of(phone).sharings and desktop.refusals == []


# on demand


@pytest.fixture
def asking(stores: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> tuple[Town, Client, Client]:
    """A companion that has the newest messages of each chat alone."""
    monkeypatch.setattr(sharing, "confirmed", lambda *_: None)
    town = Town(stores)
    phone = town.phone("alice")
    talk(phone, 20, "bob")
    talk(phone, 20, "carol")
    desktop = town.companion(phone)
    assert [m.id for m in desktop.device.chat("bob")] == ["bob18", "bob19"]
    monkeypatch.undo()
    return town, phone, desktop


def ask_for(town: Town, desktop: Client, before: str, count: int) -> None:
    key = next(key for key in desktop.device.messages if key.id == before)
    town.network.run(desktop, desktop.request_history(key, count))
    town.network.settle()


def test_older_messages_come_on_demand(asking: tuple[Town, Client, Client]) -> None:
    town, _, desktop = asking
    ask_for(town, desktop, "bob18", 5)
    assert [m.id for m in desktop.device.chat("bob")] == [f"bob{n}" for n in range(13, 20)]
    assert len(desktop.device.chat("carol")) == 2
    assert not companion_of(desktop).history_requests and desktop.refusals == []
    ask_for(town, desktop, "bob13", 500)
    assert len(desktop.device.chat("bob")) == 20
    ask_for(town, desktop, "bob0", 5)
    assert not companion_of(desktop).history_requests


def test_the_phone_has_the_named_message_no_longer(asking: tuple[Town, Client, Client]) -> None:
    town, phone, desktop = asking
    with phone.device.store.transaction():
        del phone.device.messages[MessageKey("bob18", Address("bob", 0), "bob")]
    ask_for(town, desktop, "bob18", 2)
    assert [m.id for m in desktop.device.chat("bob")] == ["bob16", "bob17", "bob18", "bob19"]


def test_what_nobody_asked_for_is_refused(asking: tuple[Town, Client, Client]) -> None:
    town, _, desktop = asking
    key = next(iter(desktop.device.messages))
    town.network.run(desktop, desktop.request_history(key, 3))
    with desktop.device.store.transaction():
        companion_of(desktop).history_requests.clear()
    before = dict(desktop.device.messages)
    town.network.settle()
    assert [refusal.check for refusal in desktop.refusals] == ["requested"]
    assert dict(desktop.device.messages) == before


@pytest.mark.parametrize("changed", [{"chat": "carol"}, {"count": 2}])
def test_the_answer_is_about_what_was_asked(asking: tuple[Town, Client, Client], changed: dict[str, Any]) -> None:
    town, _, desktop = asking
    key = next(key for key in desktop.device.messages if key.chat == "bob")
    town.network.run(desktop, desktop.request_history(key, 3))
    device = companion_of(desktop)
    ((message_id, wanted),) = device.history_requests.items()
    with device.store.transaction():
        fields = {"chat": wanted.chat, "count": wanted.count, "asked": wanted.asked} | changed
        device.history_requests[message_id] = demand.Requested(**fields)
    town.network.settle()
    assert [refusal.check for refusal in desktop.refusals] == ["requested"]


def test_open_requests_are_bounded_and_forgotten_after_a_day(asking: tuple[Town, Client, Client]) -> None:
    town, _, desktop = asking
    device = companion_of(desktop)
    key = next(iter(device.messages))
    for _ in range(demand.OPEN):
        device.request_history(key, 1, town.time)
    with pytest.raises(Refused) as refusal:
        device.request_history(key, 1, town.time)
    assert refusal.value.check == "requested"
    device.request_history(key, 1, town.time + DAY)
    assert len(device.history_requests) == 1


def test_only_what_is_known_can_be_named(asking: tuple[Town, Client, Client]) -> None:
    _, _, desktop = asking
    with pytest.raises(Refused) as refusal:
        companion_of(desktop).request_history(MessageKey("?", Address("bob", 0), "bob"), 1, NOW)
    assert refusal.value.check == "known"


def test_an_unlinked_companion_gets_nothing_on_demand(asking: tuple[Town, Client, Client]) -> None:
    town, phone, desktop = asking
    key = next(iter(desktop.device.messages))
    town.network.run(desktop, desktop.request_history(key, 3))
    phone_of(phone).unlink(1, town.time)
    town.network.settle()
    assert not town.server.blobs.files and len(desktop.device.messages) == 4
