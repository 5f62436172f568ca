"""App state and a server that is not honest (A1, A2), and how a companion recovers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from impl import peer_messages
from impl.appstate import syncing
from impl.appstate.actions import Pin
from impl.client import Client, outbox
from impl.client.appstate import ALL, sync
from impl.dialogue import CollectionAnswer, CollectionAsk, CollectionsChanged
from impl.phone import Phone
from impl.server.collections import KEPT
from impl.wire.appstate import CollectionName, Mutation, Patch
from impl.wire.content import FatalException, RecoveryRequest, RecoveryResponse
from tests.impl.client.states import BOB, CAROL, agree, change, settings
from tests.impl.client.town import Town

DAY = 86400
LOW = CollectionName.REGULAR_LOW

Tamper = Callable[[CollectionAnswer], CollectionAnswer]


class Account:
    """A phone and two companions; `lie` changes what the server answers to the desktop about pins."""

    def __init__(self) -> None:
        self.town = Town()
        self.phone = self.town.phone("alice")
        self.desktop, self.web = self.town.companion(self.phone), self.town.companion(self.phone)
        self.honest = self.town.server.sync_collections
        self.lie: Tamper = lambda answer: answer
        self.town.server.sync_collections = self.answer  # type: ignore[method-assign]

    def answer(self, client: Any, collections: Any) -> tuple[CollectionAnswer, ...]:
        answers = self.honest(client, collections)
        if client != self.desktop.device.address:
            return answers
        return tuple(self.lie(each) if each.name is LOW else each for each in answers)

    def refused(self, client: Client) -> list[str]:
        checks = [refusal.check for refusal in client.refusals]
        client.refusals.clear()
        return checks


def patches(edit: Callable[[list[Patch]], list[Patch]]) -> Tamper:
    def tamper(answer: CollectionAnswer) -> CollectionAnswer:
        edited = edit([Patch.decode(each) for each in answer.patches])
        return msgspec.structs.replace(answer, patches=tuple(each.encode() for each in edited))

    return tamper


def renumbered(left: list[Patch]) -> list[Patch]:
    """The first one left out, the others in its place."""
    return [replace(each, version=each.version - 1) for each in left[1:] if each.version is not None]


def damaged(mutation: Mutation) -> Mutation:
    blob = bytes([mutation.record.blob[0] ^ 1]) + mutation.record.blob[1:]
    return replace(mutation, record=replace(mutation.record, blob=blob))


LIES = {
    "the first patch left out": (lambda given: given[1:], "version"),
    "the first patch left out, and numbered anew": (renumbered, "snapshot_mac"),
    "in another order": (lambda given: given[::-1], "version"),
    "another snapshot code": (lambda given: [replace(each, snapshot_mac=bytes(32)) for each in given], "snapshot_mac"),
    "another patch code": (lambda given: [replace(each, patch_mac=bytes(32)) for each in given], "patch_mac"),
    "a mutation left out": (lambda given: [replace(each, mutations=()) for each in given], "snapshot_mac"),
    "an altered ciphertext": (
        lambda given: [replace(each, mutations=tuple(map(damaged, each.mutations))) for each in given],
        "value_mac",
    ),
    "an end": (lambda given: [replace(each, exit_code=1) for each in given], "exit_code"),
}


@pytest.mark.parametrize(("edit", "check"), LIES.values(), ids=LIES.keys())
def test_a_lie_is_refused_and_the_phone_helps(edit: Any, check: str) -> None:
    account = Account()
    town, desktop = account.town, account.desktop
    change(town, account.web, Pin(CAROL, False))
    held = settings(desktop)
    town.network.clients.remove(desktop)
    change(town, account.web, Pin(BOB, True))
    change(town, account.web, Pin(CAROL, True))
    account.lie = patches(edit)
    town.network.run(desktop, desktop.connect())
    assert account.refused(desktop) == [check]
    assert settings(desktop) == held
    town.network.clients.append(desktop)
    town.network.settle()
    account.lie = lambda answer: answer
    town.network.connect(desktop)
    assert set(account.refused(desktop)) <= {check}
    agree(account.phone, desktop, account.web)
    assert desktop.device.recoveries[LOW].open is False  # type: ignore[union-attr]


def test_nobody_goes_back_with_the_server() -> None:
    account = Account()
    town, desktop = account.town, account.desktop
    change(town, desktop, Pin(BOB, True))
    change(town, desktop, Pin(CAROL, True))
    held = settings(desktop)
    with town.server.store.transaction():
        del town.server.store.table(f"patches of alice in {LOW}", int, bytes)[2]
        town.server.collections.versions["alice", LOW] = 1
    for client in (account.phone, desktop, account.web):
        town.network.connect(client)
        assert account.refused(client) == ["served"]
        assert settings(client) == held


def test_an_old_snapshot_is_refused() -> None:
    account = Account()
    town, desktop = account.town, account.desktop
    for number in range(2 * KEPT + 1):
        change(town, account.phone, Pin(BOB, bool(number % 2)))
    version = syncing.head(desktop.device, LOW).version
    old = town.server.collections.snapshots["alice", LOW]
    account.lie = lambda answer: CollectionAnswer(LOW, old) if answer.error is None else answer
    assert town.network.run(desktop, sync(desktop.device, ALL, town.time)) == []

    answers = iter([CollectionAnswer(LOW, error=410), CollectionAnswer(LOW, old)])
    account.lie = lambda answer: next(answers, answer)
    refusals = town.network.run(desktop, sync(desktop.device, ALL, town.time))
    assert [refusal.check for refusal in refusals] == ["version"]
    assert syncing.head(desktop.device, LOW).version == version


def test_an_own_patch_that_the_server_only_says_it_took() -> None:
    account = Account()
    town, desktop = account.town, account.desktop

    def forget(client: Any, collections: Any) -> tuple[CollectionAnswer, ...]:
        if any(each.patch for each in collections) and client == desktop.device.address:
            return tuple(CollectionAnswer(each.name) for each in collections)
        return account.honest(client, collections)

    town.server.sync_collections = forget  # type: ignore[assignment]
    change(town, desktop, Pin(BOB, True))
    town.server.sync_collections = account.honest  # type: ignore[method-assign]
    for pinned in (True, False):
        change(town, account.web, Pin(CAROL, pinned))
    assert "snapshot_mac" in account.refused(desktop)
    town.network.settle()
    agree(account.phone, account.web)


def test_a_server_that_always_sees_a_conflict_is_not_obeyed_for_ever() -> None:
    account = Account()
    asked: list[CollectionAsk] = []

    def conflict(client: Any, collections: Any) -> tuple[CollectionAnswer, ...]:
        asked.extend(collections)
        return tuple(CollectionAnswer(each.name, error=409) for each in collections)

    account.town.server.sync_collections = conflict  # type: ignore[assignment]
    change(account.town, account.desktop, Pin(BOB, True))
    assert 1 < len(asked) < 10
    assert account.desktop.device.intents
    account.town.server.sync_collections = account.honest  # type: ignore[method-assign]
    account.town.network.connect(account.desktop)
    account.town.network.settle()
    agree(account.phone, account.desktop, account.web)


def test_a_missing_file_is_no_reason_to_ask_the_phone() -> None:
    account = Account()
    town = account.town
    for number in range(2 * KEPT + 1):
        change(town, account.phone, Pin(BOB, bool(number % 2)))
    with town.server.store.transaction():
        files = dict(town.server.blobs.files)
        town.server.blobs.files.clear()
    new = town.companion(account.phone)
    assert account.refused(new) == ["file_intact"]
    assert not new.device.recoveries  # type: ignore[union-attr]
    with town.server.store.transaction():
        town.server.blobs.files.update(files)
    town.network.connect(new)
    agree(account.phone, new)


def test_who_cannot_be_helped_tells_the_phone() -> None:
    account = Account()
    town, desktop, phone = account.town, account.desktop, account.phone
    change(town, desktop, Pin(BOB, True))
    account.lie = lambda answer: msgspec.structs.replace(answer, patches=(b"\xff",))
    town.network.run(desktop, sync(desktop.device, ALL, town.time))
    town.network.settle()
    assert account.refused(desktop) == ["version"]
    assert isinstance(phone.device, Phone) and desktop.device.address is not None
    assert phone.device.alarms[desktop.device.address] == FatalException((LOW,), town.time * 1000)
    agree(phone, desktop, account.web)


def test_the_phone_is_asked_once_a_day() -> None:
    account = Account()
    town, desktop = account.town, account.desktop
    town.network.clients.remove(account.phone)
    account.lie = lambda answer: msgspec.structs.replace(answer, patches=(b"\xff",))
    for asked in (1, 1, 2):
        town.time += DAY // 2
        town.network.run(desktop, sync(desktop.device, ALL, town.time))
        mail = [entry.event for entry in town.server.mailboxes.waiting(account.phone.name)]
        assert len([each for each in mail if not isinstance(each, CollectionsChanged)]) == asked


@pytest.mark.parametrize(
    ("who", "check"), [("bob", "from_own_account"), ("web", "from_the_phone"), ("phone", "requested")]
)
def test_a_collection_that_nobody_asked_for_is_refused(who: str, check: str) -> None:
    account = Account()
    town, desktop = account.town, account.desktop
    bob = town.phone("bob")
    town.say(bob, "alice", "hello")
    sender = {"bob": bob, "web": account.web, "phone": account.phone}[who]
    assert desktop.device.address is not None
    with sender.device.store.transaction():
        peer_messages.put(sender.device, desktop.device.address, RecoveryResponse("3EB0", b""), town.time)
    town.network.run(sender, outbox.flush(sender.device, town.time))
    town.network.settle()
    assert account.refused(desktop) == [check]


def test_the_phone_answers_once() -> None:
    account = Account()
    town, desktop, phone = account.town, account.desktop, account.phone
    account.lie = lambda answer: msgspec.structs.replace(answer, patches=(b"\xff",))
    town.network.run(desktop, sync(desktop.device, ALL, town.time))
    town.network.settle()
    account.refused(desktop)
    again = RecoveryResponse(desktop.device.recoveries[LOW].message_id, b"")  # type: ignore[union-attr]
    assert desktop.device.address is not None
    with phone.device.store.transaction():
        peer_messages.put(phone.device, desktop.device.address, again, town.time)
    town.network.run(phone, outbox.flush(phone.device, town.time))
    town.network.settle()
    assert account.refused(desktop) == ["requested"]


@pytest.mark.parametrize("body", [RecoveryRequest(LOW, 1), FatalException((LOW,), 1)])
def test_a_stranger_gets_no_collection_and_raises_no_alarm(body: RecoveryRequest | FatalException) -> None:
    account = Account()
    town, phone = account.town, account.phone
    bob = town.phone("bob")
    town.say(bob, "alice", "hello")
    change(town, phone, Pin(BOB, True))
    assert phone.device.address is not None
    with bob.device.store.transaction():
        peer_messages.put(bob.device, phone.device.address, body, town.time)
    town.network.run(bob, outbox.flush(bob.device, town.time))
    town.network.settle()
    assert account.refused(phone) == ["from_own_account"]
    assert not phone.device.alarms  # type: ignore[union-attr]
