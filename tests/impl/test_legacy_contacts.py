"""A contact without a device list has a phone and nothing else; and a contact whose account key changes.

Carol's client has never published a list. Alice has a companion and a list, Bob a companion that reads along.
"""

import pytest

from impl.address import Address
from impl.crypto.entropy import seeded
from impl.phone import Phone
from impl.stanza import Stanza
from impl.wire.content import Text
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

ALICE, ALICES_WEB, BOB, BOBS_WEB = Address("alice", 0), Address("alice", 1), Address("bob", 0), Address("bob", 2)
CAROL, CAROLS_WEB = Address("carol", 0), Address("carol", 3)


@pytest.fixture
def home() -> Household:
    """All have compared security codes and met, and nobody has seen a list of Carol."""
    home = Household()
    home.companion(home.phone("alice"))
    home.companion(home.phone("bob"))
    carol = home.phone("carol")
    for device in home.devices.values():
        for phone in home.phones.values():
            device.pin(phone.address.user, phone.identity.public)
            if phone is not carol:
                device.learn_list(phone.address.user, phone.signed_list, NOW)
    for device in home.devices.values():
        for address, other in home.devices.items():
            if other is not device:
                device.meet(address, home.indexes[address], other.bundle(), NOW)
    return home


@pytest.fixture
def new_carol() -> Phone:
    """Carol registered anew: the same user, another account key."""
    return Phone.register("carol", seeded(b"new phone"), NOW)


def deliver(home: Household, stanzas: list[Stanza]) -> set[Address]:
    for stanza in stanzas:
        home.devices[stanza.recipient].receive(stanza, NOW)
    return {stanza.recipient for stanza in stanzas}


def test_without_a_list_the_phone_alone_is_sent_to(home: Household) -> None:
    bob = home.devices[BOB]
    assert deliver(home, bob.send("1", "carol", Text("hi"), NOW)) == {CAROL, BOBS_WEB}
    assert deliver(home, bob.send("2", "alice", Text("hi"), NOW)) == {ALICE, ALICES_WEB, BOBS_WEB}
    assert [message.chat for message in home.devices[BOBS_WEB].conversation] == ["carol", "alice"]


@pytest.mark.parametrize("recipient", ["alice", "bob"])
def test_a_phone_without_a_list_reaches_all_devices(home: Household, recipient: str) -> None:
    expected = {"alice": {ALICE, ALICES_WEB}, "bob": {BOB, BOBS_WEB}}[recipient]
    assert deliver(home, home.devices[CAROL].send("id", recipient, Text("hi"), NOW)) == expected
    for address in expected:
        assert [message.chat for message in home.devices[address].conversation] == ["carol"]


def test_a_companion_and_a_contact_without_a_list_converse(home: Household) -> None:
    deliver(home, home.devices[BOBS_WEB].send("1", "carol", Text("from the web"), NOW))
    deliver(home, home.devices[CAROL].send("2", "bob", Text("read there"), NOW))
    for address in (BOB, BOBS_WEB, CAROL):
        assert [message.text for message in home.devices[address].conversation] == ["from the web", "read there"]


@pytest.mark.parametrize("key_index", [0, 1])
def test_without_a_list_no_companion_is_met(home: Household, key_index: int) -> None:
    """Not even one that the account key vouches for: a list may have struck it since."""
    web = home.companion(home.phones["carol"])
    assert home.indexes[CAROLS_WEB] == 1
    with refused(home.devices[BOB], "listed"):
        home.devices[BOB].meet(CAROLS_WEB, key_index, web.bundle(), NOW)


def test_without_a_list_no_companion_is_heard(home: Household) -> None:
    web, bob, carol = home.companion(home.phones["carol"]), home.devices[BOB], home.phones["carol"]
    web.learn_list("carol", carol.signed_list, NOW)
    web.pin("bob", bob.identity.public)
    web.meet(BOB, 0, bob.bundle(), NOW)
    (stanza,) = web.send("id", "bob", Text("hi"), NOW)
    with refused(bob, "author_listed"):
        bob.receive(stanza, NOW)
    bob.learn_list("carol", carol.signed_list, NOW)
    assert bob.receive(stanza, NOW).author == CAROLS_WEB


def test_a_first_list_adds_companions_and_keeps_the_session_with_the_phone(home: Household) -> None:
    bob, carol = home.devices[BOB], home.phones["carol"]
    record = bob.records[CAROL]
    web = home.companion(carol)
    bob.learn_list("carol", carol.signed_list, NOW)
    bob.meet(CAROLS_WEB, home.indexes[CAROLS_WEB], web.bundle(), NOW)
    assert bob.records[CAROL] == record
    assert {each.recipient for each in bob.send("id", "carol", Text("hi"), NOW)} == {CAROL, CAROLS_WEB, BOBS_WEB}


def test_the_list_of_one_contact_is_none_for_another(home: Household) -> None:
    with refused(home.devices[BOB], "signature"):
        home.devices[BOB].learn_list("carol", home.phones["alice"].signed_list, NOW)


def test_a_contact_whose_code_was_not_compared_is_neither_met_nor_heard() -> None:
    home = Household()
    bob, carol = home.phone("bob"), home.phone("carol")
    with refused(bob, "account_signature"):
        bob.meet(CAROL, 0, carol.bundle(), NOW)
    carol.pin("bob", bob.identity.public)
    carol.meet(BOB, 0, bob.bundle(), NOW)
    with refused(bob, "account_signature"):
        bob.receive(carol.send("id", "bob", Text("hi"), NOW)[0], NOW)


def test_another_account_key_is_not_taken_on_anybodys_word(home: Household, new_carol: Phone) -> None:
    bob = home.devices[BOB]
    with refused(bob, "account_signature"):
        bob.meet(CAROL, 0, new_carol.bundle(), NOW)
    with refused(bob, "signature"):
        bob.learn_list("carol", new_carol.signed_list, NOW)
    with refused(bob, "identity"):
        bob.pin("carol", new_carol.identity.public)


def test_a_message_under_another_account_key_is_refused(home: Household, new_carol: Phone) -> None:
    bob = home.devices[BOB]
    new_carol.pin("bob", bob.identity.public)
    new_carol.meet(BOB, 0, bob.bundle(), NOW)
    with refused(bob, "account_signature"):
        bob.receive(new_carol.send("id", "bob", Text("hi"), NOW)[0], NOW)


def test_a_refused_account_key_leaves_the_old_session_alone(home: Household, new_carol: Phone) -> None:
    bob = home.devices[BOB]
    with refused(bob, "account_signature"):
        bob.meet(CAROL, 0, new_carol.bundle(), NOW)
    assert CAROL in deliver(home, bob.send("1", "carol", Text("hi"), NOW))
    assert BOB in deliver(home, home.devices[CAROL].send("2", "bob", Text("ho"), NOW))
