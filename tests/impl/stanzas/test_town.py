"""Accounts whose clients and server say what they say about devices and accounts in binary nodes."""

from __future__ import annotations

from typing import Any

import pytest

from impl.address import Address, chat_jid
from impl.appstate.actions import Archive, PushName
from impl.appstate.effects import chat_view
from impl.client import Client
from impl.client.appstate import ALL, sync
from impl.client.drive import drive
from impl.client.linking import leave, unlink
from impl.client.local import LocalNetwork
from impl.client.pairing import show_code, type_code
from impl.companion import Companion
from impl.dialogue import (
    AnyEvent,
    ApproveLinking,
    AskPairing,
    ConfirmLinking,
    DevicesChanged,
    Entry,
    Flow,
    IdentityChanged,
    PrekeysLow,
    Request,
    Unlink,
)
from impl.kinds import Kind
from impl.sessions.prekeys import ONE_TIME_MINIMUM
from impl.stanzas import appstate, directory, linking, pairing, prekeys
from impl.wire.appstate import CollectionName, Operation
from tests.impl.client.town import Town, texts
from tests.impl.stanzas.carrying import carried
from tests.impl.stanzas.samples import PORTAL

FILES = (linking, pairing, directory, prekeys, appstate)
EXCHANGES = {each.request: each for file in FILES for each in file.EXCHANGES}
NOTICES = {each.event: each for file in FILES for each in file.NOTICES}

ALICE, BOB = "15550001001", "15550001002"


class Nodes(LocalNetwork):
    """Counts what was `said` by kind."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.said: set[type] = set()
        waiting = server.mailboxes.waiting
        server.mailboxes.waiting = lambda client: [self._told(client, each) for each in waiting(client)]

    def run(self, client: Client, flow: Flow[Any]) -> Any:
        name = client.name
        return drive(flow, lambda request: self._answer(name, request))

    def _answer(self, name: Any, request: Request[Any]) -> Any:
        exchange = EXCHANGES.get(type(request))
        if exchange is None:
            return self.server.answer(name, request)
        self.said.add(type(request))
        (question,) = map(carried, exchange.ask(request, name))
        read = exchange.asked(question, name)
        return exchange.answered(request, carried(exchange.answer(question, read, self.server.answer(name, read))))

    def _told(self, client: Any, entry: Entry) -> Entry:
        notice = NOTICES.get(type(entry.event))
        if notice is None:
            return entry
        self.said.add(type(entry.event))
        event: AnyEvent = notice.told(carried(notice.tell(entry.event, client)), client)
        return Entry(entry.number, event, entry.at)


@pytest.fixture
def town() -> Town:
    town = Town()
    town.network = Nodes(town.server)
    return town


def linked(town: Town) -> tuple[Client, Client]:
    """Alice and her web client."""
    phone = town.phone(ALICE)
    return phone, town.companion(phone)


def test_a_qr_links(town: Town) -> None:
    phone, web = linked(town)
    bob = town.phone(BOB)
    assert web.device.address == Address(ALICE, 1)
    town.say(bob, ALICE, "hi")
    town.say(web, BOB, "hello")
    assert texts(phone) == texts(web) == ["hi", "hello"] and texts(bob) == ["hi", "hello"]
    assert not any(each.refusals for each in (phone, web, bob))
    assert {ApproveLinking, ConfirmLinking} <= town.network.said
    # it was not published, but put together by the server
    assert town.server.directory.bundles[web.device.address].device_identity == web.device.device_identity


def test_a_code_links(town: Town) -> None:
    phone = town.phone(ALICE)
    web = Client(Companion.create(town.entropy, town.time, PORTAL), lambda: town.time)
    town.network.connect(web)
    code = town.network.run(web, show_code(web.device, ALICE, town.time))
    town.network.settle()
    town.network.run(phone, type_code(phone.device, code, town.time))
    town.network.settle()
    assert web.device.address == Address(ALICE, 1)
    (shown,) = phone.device.linked_devices
    assert (shown.kind, shown.name) == (Kind.PORTAL, "Portal")
    assert AskPairing in town.network.said and not phone.refusals and not web.refusals


def test_app_state_is_the_same_everywhere(town: Town) -> None:
    phone, web = linked(town)
    town.network.run(web, web.change(Archive(chat_jid(BOB), True)))
    town.network.settle()
    assert chat_view(phone.device, BOB).archived and chat_view(web.device, BOB).archived
    assert not phone.refusals and not web.refusals


def test_other_devices_hear_of_one_collection_at_a_time(town: Town) -> None:
    phone, web = linked(town)
    town.switch_off(phone)
    for action in (Archive(chat_jid(BOB), True), PushName("Alice")):
        web.device.intend(action, Operation.SET, town.time)
    town.network.run(web, sync(web.device, ALL, town.time))
    told = [each.event.names for each in town.server.mailboxes.waiting(phone.name)]
    assert told == [(CollectionName.CRITICAL_BLOCK,), (CollectionName.REGULAR_LOW,)]


def test_a_phone_unlinks(town: Town) -> None:
    phone, web = linked(town)
    town.network.run(phone, unlink(phone.device, 1, town.time))
    town.network.settle()
    assert web.device.address is None and not phone.device.linked_devices
    assert Unlink in town.network.said and not town.server.linking.signed


def test_a_companion_leaves(town: Town) -> None:
    phone, web = linked(town)
    town.network.run(web, leave(web.device, town.time))
    town.network.settle()
    assert not phone.device.linked_devices and not phone.refusals


def test_contacts_hear_of_a_new_phone(town: Town) -> None:
    former, web = linked(town)
    bob = town.phone(BOB)
    town.say(bob, ALICE, "hi")
    town.switch_off(former), town.switch_off(web)
    again = town.phone(ALICE)
    town.network.settle()
    town.say(bob, ALICE, "is it you?")
    assert texts(again) == ["is it you?"]
    assert {IdentityChanged, DevicesChanged} <= town.network.said


def test_prekeys_are_made_up_for(town: Town) -> None:
    phone = town.phone(ALICE)
    for each in range(20):
        town.say(town.phone(f"1555000200{each:02}"), ALICE, "hi")
    assert PrekeysLow in town.network.said
    assert town.server.directory.one_time_left(phone.device.address) > ONE_TIME_MINIMUM
    assert len(texts(phone)) == 20
