"""Another account key: noticed, told, and never the own account's."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from impl.address import Address
from impl.device import Device
from impl.identity import SecurityNotice
from impl.phone import Phone
from impl.wire.content import Text
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

ALICE = Address("alice", 0)
LATER = NOW + 60


class Registered(Household):
    """Bob and his companion know Alice, whose account gets another phone."""

    def __init__(self) -> None:
        super().__init__()
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.web = self.companion(self.alice)
        self.introduce()
        self.bob.send("before", "alice", Text("before"), NOW)
        self.anew = Phone.register("alice", self.entropy, LATER)


@pytest.fixture
def home() -> Registered:
    return Registered()


def test_a_change_is_told_and_what_rested_on_the_former_key_goes(home: Registered) -> None:
    bob = home.bob
    bob.meet_phone("alice", home.anew.bundle(), LATER)
    notice = SecurityNotice("alice", home.alice.identity.public, home.anew.identity.public, LATER)
    assert list(bob.notices.values()) == [notice]
    assert bob.pins["alice"] == home.anew.identity.public
    assert [address for address in bob.peers if address.user == "alice"] == [ALICE]
    assert "alice" not in bob.views
    assert bob.sent["before"].waiting == ()
    assert [message.text for message in bob.conversation] == ["before"]


def test_the_next_message_is_for_the_new_phone_alone(home: Registered) -> None:
    home.bob.meet_phone("alice", home.anew.bundle(), LATER)
    stanzas = home.bob.send("after", "alice", Text("after"), LATER)
    assert [stanza.recipient for stanza in stanzas] == [ALICE]
    home.anew.pin("bob", home.bob.identity.public)
    assert home.anew.receive(stanzas[0], LATER).text == "after"


def test_the_former_phone_and_its_companions_are_strangers(home: Registered) -> None:
    home.alice.pin("bob", home.bob.identity.public)
    old = [device.send("late", "bob", Text("late"), LATER) for device in (home.alice, home.web)]
    home.bob.meet_phone("alice", home.anew.bundle(), LATER)
    for stanzas in old:
        stanza = next(each for each in stanzas if each.recipient == home.bob.address)
        with refused(home.bob, "account_signature"):
            home.bob.receive(stanza, LATER)
    with refused(home.bob, "signature"):
        home.bob.learn_list("alice", home.alice.signed_list, LATER)


def test_the_same_key_again_is_no_change(home: Registered) -> None:
    before = home.bob.snapshot()
    home.bob.doubt_identity("alice", NOW)
    home.bob.meet_phone("alice", home.alice.bundle(), LATER)
    assert home.bob.snapshot() == before


def test_nothing_is_sent_before_the_new_key_is_known(home: Registered) -> None:
    home.bob.doubt_identity("alice", LATER)
    with refused(home.bob, "identity"):
        home.bob.send("id", "alice", Text("secret"), LATER)
    home.bob.meet_phone("alice", home.anew.bundle(), LATER)
    home.bob.send("id", "alice", Text("secret"), LATER)


def test_a_missing_ciphertext_is_not_made_up_for_while_in_doubt(home: Registered) -> None:
    home.bob.send("id", "alice", Text("hi"), NOW)
    assert home.web.address is not None
    with home.bob.store.transaction():
        sent = home.bob.sent["id"]
        home.bob.sent["id"] = replace(sent, targets=())
    home.bob.submitted("id", (home.web.address,))
    home.bob.doubt_identity("alice", LATER)
    assert home.bob.seal_missing("id", LATER) == []


def test_a_doubt_outlives_a_second_and_ends_with_the_key(home: Registered) -> None:
    home.bob.doubt_identity("alice", LATER)
    home.bob.doubt_identity("alice", LATER + 1)
    assert home.bob.doubts == {"alice": LATER}
    home.bob.meet_phone("alice", home.anew.bundle(), LATER)
    assert not home.bob.doubts


@pytest.mark.parametrize("own", [lambda home: home.alice, lambda home: home.web], ids=["phone", "companion"])
def test_the_own_account_has_one_key(home: Registered, own: Callable[[Registered], Device]) -> None:
    device = own(home)
    device.doubt_identity("alice", LATER)
    assert not device.doubts
    with refused(device, "identity"):
        device.meet_phone("alice", home.anew.bundle(), LATER)


def test_a_bundle_that_is_none_changes_no_key(home: Registered) -> None:
    torn = replace(home.anew.bundle(), signature=bytes(64))
    with refused(home.bob, "prekey_signature"):
        home.bob.meet_phone("alice", torn, LATER)


def test_notices_are_kept_in_their_order(home: Registered) -> None:
    third = Phone.register("alice", home.entropy, LATER + 1)
    home.bob.meet_phone("alice", home.anew.bundle(), LATER)
    home.bob.meet_phone("alice", third.bundle(), LATER + 1)
    assert [notice.current for notice in home.bob.notices.values()] == [
        home.anew.identity.public,
        third.identity.public,
    ]
