"""A message that a companion cannot open comes from its phone, check by check."""

from __future__ import annotations

import pytest

from impl import peer_messages
from impl.address import Address
from impl.companion import Companion
from impl.stanza import Stanza
from impl.wire.content import PlaceholderRequest, PlaceholderResponse, Text
from impl.wire.history import PastMessage, encode_message
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

ALICE, WEB, TABLET, BOB = Address("alice", 0), Address("alice", 1), Address("alice", 2), Address("bob", 0)
LOST = Stanza("id", BOB, WEB, "message", "msg", b"unreadable")
PAST = PastMessage("id", BOB, False, Text("hi"), NOW)


@pytest.fixture
def home() -> Household:
    """Alice's phone has what Bob wrote; her companion `WEB` has asked for it."""
    home = Household()
    phone = home.phone("alice")
    home.companion(phone)
    home.companion(phone)
    home.phone("bob")
    home.introduce()
    phone.send("id", "bob", Text("the same id, another author"), NOW)
    phone.submitted("id")
    for stanza in home.devices[BOB].send("id", "alice", Text("hi"), NOW):
        if stanza.recipient == ALICE:
            phone.receive(stanza, NOW)
    web(home).request_placeholder(LOST, NOW)
    return home


def web(home: Household) -> Companion:
    device = home.devices[WEB]
    assert isinstance(device, Companion)
    return device


def only(outbox: dict[str, tuple[Stanza, ...]]) -> Stanza:
    ((stanza,),) = outbox.values()
    return stanza


def asked(home: Household) -> Stanza:
    return only({name: each.stanzas for name, each in web(home).outbox.items()})


def response(home: Household, past: PastMessage = PAST, chat: str = "bob", sender: Address = ALICE) -> Stanza:
    """An answer to the open request, made by any own device."""
    device = home.devices[sender]
    with device.store.transaction():
        name = peer_messages.put(device, WEB, PlaceholderResponse(asked(home).id, encode_message(chat, past)), NOW)
    return device.outbox[name].stanzas[0]


def test_the_phone_answers_and_the_message_is_received(home: Household) -> None:
    phone = home.phones["alice"]
    phone.answer_placeholder(asked(home), NOW)
    web(home).fill_placeholder(only({name: each.stanzas for name, each in phone.outbox.items()}))
    (message,) = web(home).conversation
    assert (message.key, message.text) == (phone.conversation[1].key, "hi")
    assert not web(home).placeholders
    assert web(home).deliveries["id", BOB] == 1


def test_it_asks_once(home: Household) -> None:
    before = web(home).snapshot()
    web(home).request_placeholder(LOST, NOW)
    assert web(home).snapshot() == before


def test_copies_of_own_messages_are_not_asked_for(home: Household) -> None:
    before = web(home).snapshot()
    web(home).request_placeholder(Stanza("other", ALICE, WEB, "message", "msg", b""), NOW)
    assert web(home).snapshot() == before


def test_an_answer_that_nobody_asked_for(home: Household) -> None:
    first, second = response(home), response(home)
    web(home).fill_placeholder(first)
    with refused(web(home), "requested"):
        web(home).fill_placeholder(second)


@pytest.mark.parametrize(
    "past",
    [PastMessage("other", BOB, False, Text("hi"), NOW), PastMessage("id", Address("bob", 3), False, Text("hi"), NOW)],
)
def test_another_message_than_the_one_asked_for(home: Household, past: PastMessage) -> None:
    stanza = response(home, past)
    with refused(web(home), "requested"):
        web(home).fill_placeholder(stanza)


def test_a_message_of_another_chat(home: Household) -> None:
    stanza = response(home, chat="carol")
    with refused(web(home), "content"):
        web(home).fill_placeholder(stanza)


def test_a_companion_does_not_answer(home: Household) -> None:
    stanza = response(home, sender=TABLET)
    with refused(web(home), "from_the_phone"):
        web(home).fill_placeholder(stanza)


def test_another_account_is_not_answered(home: Household) -> None:
    bob = home.devices[BOB]
    with bob.store.transaction():
        name = peer_messages.put(bob, ALICE, PlaceholderRequest("bob", False, "id"), NOW)
    with refused(home.phones["alice"], "from_own_account"):
        home.phones["alice"].answer_placeholder(bob.outbox[name].stanzas[0], NOW)


def test_what_came_meanwhile_stays_as_it_is(home: Household) -> None:
    stanza = response(home, PastMessage("id", BOB, False, Text("other words"), NOW))
    for late in home.devices[BOB].send("later", "alice", Text("later"), NOW):
        if late.recipient == WEB:
            web(home).receive(late, NOW)
    (original,) = (each for each in home.devices[BOB].outbox["id"].stanzas if each.recipient == WEB)
    web(home).receive(original, NOW)
    web(home).fill_placeholder(stanza)
    assert [message.text for message in web(home).conversation] == ["later", "hi"]
    assert web(home).deliveries["id", BOB] == 1
