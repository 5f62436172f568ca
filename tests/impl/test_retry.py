"""Who is answered and who is not: retry requests check by check, among two accounts of three devices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl import retry
from impl.address import Address
from impl.device import Device
from impl.refusal import Refused
from impl.retry import LIMIT, OPEN_LIMIT
from impl.stanza import RetryRequest, Stanza
from impl.wire.content import Text
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

ALICE, WEB, BOB = Address("alice", 0), Address("alice", 1), Address("bob", 0)


@pytest.fixture
def home() -> Household:
    """Alice with her companion `WEB`, Bob; Bob has said something to Alice that the server has."""
    home = Household()
    home.companion(home.phone("alice"))
    home.phone("bob")
    home.introduce()
    home.devices[BOB].send("id", "alice", Text("hi"), NOW)
    home.devices[BOB].submitted("id")
    return home


def request(home: Household, sender: Address = WEB, count: int = 1, keys: bool = False) -> RetryRequest:
    device = home.devices[sender]
    bundle = device.bundle() if keys else None
    return RetryRequest("id", sender, BOB, count, 7, device.registration_id, bundle)


def forget_session(device: Device, address: Address) -> None:
    with device.store.transaction():
        del device.records[address]


def answer(home: Household, asked: RetryRequest) -> Stanza:
    """The one ciphertext that the request leads to."""
    bob = home.devices[BOB]
    bob.answer_retry(asked, NOW)
    (stanza,) = bob.outbox["id"].stanzas
    assert bob.outbox["id"].only == (asked.sender,) == (stanza.recipient,)
    bob.submitted("id")
    return stanza


def test_only_the_asking_device_gets_it_again(home: Household) -> None:
    message = home.devices[WEB].receive(answer(home, request(home)), NOW)
    assert (message.id, message.text) == ("id", "hi")


def test_keys_make_a_new_session(home: Household) -> None:
    before = home.devices[BOB].records[WEB].current.base_key
    stanza = answer(home, request(home, keys=True))
    assert home.devices[BOB].records[WEB].current.base_key != before
    assert stanza.enc_type == "pkmsg"
    assert home.devices[WEB].receive(stanza, NOW).text == "hi"


def test_a_session_that_is_new_already_stays(home: Household) -> None:
    """Many messages may have failed in one session: it is replaced once, not for each of them."""
    bob = home.devices[BOB]
    for name in ("id", "id2"):
        if name not in bob.sent:
            bob.send(name, "alice", Text("more"), NOW)
            bob.submitted(name)
        bob.answer_retry(replace(request(home), id=name), NOW)
        bob.submitted(name)
    bob.answer_retry(request(home, count=2, keys=True), NOW)
    renewed = bob.records[WEB].current.base_key
    bob.answer_retry(replace(request(home, count=2, keys=True), id="id2"), NOW)
    assert bob.records[WEB].current.base_key == renewed
    bob.submitted("id2")
    bob.answer_retry(replace(request(home, count=3, keys=True), id="id2"), NOW)
    assert bob.records[WEB].current.base_key != renewed


def test_a_request_that_comes_again_is_answered_once(home: Household) -> None:
    asked = request(home, keys=True)
    answer(home, asked)
    before = home.devices[BOB].snapshot()
    home.devices[BOB].answer_retry(asked, NOW)
    assert home.devices[BOB].snapshot() == before


def test_it_is_answered_so_often_and_no_more(home: Household) -> None:
    bodies = {answer(home, request(home, count=count)).body for count in range(1, LIMIT + 1)}
    assert len(bodies) == LIMIT
    with refused(home.devices[BOB], "retry_limit"):
        home.devices[BOB].answer_retry(request(home, count=LIMIT + 1), NOW)


def test_who_has_confirmed_it_gets_it_no_more(home: Household) -> None:
    home.devices[BOB].delivered("id", WEB)
    with refused(home.devices[BOB], "target"):
        home.devices[BOB].answer_retry(request(home), NOW)


def test_who_joined_later_does_not_get_it(home: Household) -> None:
    """The server could name any device as asking, also one that an account added for this."""
    home.companion(home.phones["alice"])
    home.introduce()
    late = max(address for address in home.devices if address.user == "alice")
    with refused(home.devices[BOB], "target"):
        home.devices[BOB].answer_retry(request(home, late), NOW)


def test_a_message_that_nobody_sent(home: Household) -> None:
    with refused(home.devices[BOB], "target"):
        home.devices[BOB].answer_retry(replace(request(home), id="other"), NOW)


def test_who_was_unlinked_does_not_get_it(home: Household) -> None:
    phone, bob = home.phones["alice"], home.devices[BOB]
    bob.learn_list("alice", phone.unlink(home.indexes[WEB], NOW + 1), NOW + 1)
    with refused(bob, "listed"):
        bob.answer_retry(request(home, keys=True), NOW)


def test_nothing_goes_to_an_account_in_doubt(home: Household) -> None:
    home.devices[BOB].doubt_identity("alice", NOW)
    with refused(home.devices[BOB], "identity"):
        home.devices[BOB].answer_retry(request(home), NOW)


def test_keys_of_another_device(home: Household) -> None:
    other = home.devices[ALICE].bundle()
    asked = replace(request(home), keys=other, registration_id=other.registration_id)
    with refused(home.devices[BOB], "identity"):
        home.devices[BOB].answer_retry(asked, NOW)


def test_keys_of_another_registration(home: Household) -> None:
    asked = request(home, keys=True)
    with refused(home.devices[BOB], "well_formed"):
        home.devices[BOB].answer_retry(replace(asked, registration_id=asked.registration_id ^ 1), NOW)


def test_keys_that_the_device_has_not_signed(home: Household) -> None:
    asked = request(home, keys=True)
    assert asked.keys is not None
    forged = replace(asked.keys, signed_prekey=home.devices[ALICE].bundle().signed_prekey)
    with refused(home.devices[BOB], "prekey_signature"):
        home.devices[BOB].answer_retry(replace(asked, keys=forged), NOW)


def test_keys_that_the_account_does_not_vouch_for(home: Household) -> None:
    asked = request(home, keys=True)
    assert asked.keys is not None
    with refused(home.devices[BOB], "account_signature"):
        home.devices[BOB].answer_retry(replace(asked, keys=replace(asked.keys, device_identity=None)), NOW)


def test_without_session_and_without_keys(home: Household) -> None:
    forget_session(home.devices[BOB], WEB)
    with refused(home.devices[BOB], "met"):
        home.devices[BOB].answer_retry(request(home), NOW)


def test_a_message_that_still_waits_goes_first(home: Household) -> None:
    bob = home.devices[BOB]
    bob.send("new", "alice", Text("hi"), NOW)
    before = bob.outbox["new"]
    bob.answer_retry(replace(request(home), id="new"), NOW)
    assert bob.outbox["new"] == before


# the side that asks


def unreadable(home: Household, number: int = 0, message_id: str = "id") -> Stanza:
    return Stanza(message_id, BOB, WEB, "message", "msg", b"%d" % number)


def failure(device: Device, stanza: Stanza) -> Refused:
    with pytest.raises(Refused) as refusal:
        device.receive(stanza, NOW)
    return refusal.value


def want(home: Household, stanza: Stanza) -> RetryRequest | None:
    device = home.devices[WEB]
    return device.want(stanza, failure(device, stanza))


def test_it_asks_so_often_with_keys_from_the_second_time_on(home: Household) -> None:
    asked = [want(home, unreadable(home, number)) for number in range(LIMIT + 1)]
    assert [each and each.count for each in asked] == [1, 2, 3, 4, 5, None]
    assert [each is not None and each.keys is not None for each in asked[:-1]] == [False, True, True, True, True]
    one_time = {each.keys.one_time_id for each in asked if each is not None and each.keys is not None}
    assert len(one_time) == 4


def test_without_a_session_it_sends_keys_at_once(home: Household) -> None:
    forget_session(home.devices[WEB], BOB)
    asked = want(home, unreadable(home))
    assert asked is not None and asked.keys is not None


def test_the_same_ciphertext_leads_to_the_same_request(home: Household) -> None:
    first = want(home, unreadable(home, 1))
    before = home.devices[WEB].snapshot()
    assert want(home, unreadable(home, 1)) == first
    assert home.devices[WEB].snapshot() == before


def test_what_it_asks_for_is_limited(home: Household) -> None:
    for number in range(OPEN_LIMIT + 1):
        want(home, unreadable(home, message_id=f"{number}"))
    assert len(home.devices[WEB].wanted) == OPEN_LIMIT
    assert ("0", BOB) not in home.devices[WEB].wanted


def test_it_asks_for_what_another_ciphertext_may_cure(home: Household) -> None:
    device, stanza = home.devices[WEB], unreadable(home)
    assert retry.curable(device, stanza, failure(device, stanza))
    for check in ("author_listed", "account_signature", "identity", "content", "own_copy", "padding"):
        assert not retry.curable(device, stanza, Refused(check, ""))


def test_a_used_key_is_no_duplicate_unless_the_message_is_here(home: Household) -> None:
    (stanza,) = (each for each in home.devices[BOB].send("new", "alice", Text("hi"), NOW) if each.recipient == WEB)
    device = home.devices[WEB]
    device.receive(stanza, NOW)
    assert not retry.curable(device, stanza, failure(device, stanza))
    renamed = replace(stanza, id="restored")
    refusal = failure(device, renamed)
    assert refusal.check == "fresh" and retry.curable(device, renamed, refusal)
    assert retry.reason(refusal) == retry.INVALID_MESSAGE_KEY


def test_reasons(home: Household) -> None:
    device = home.devices[WEB]
    assert retry.reason(failure(device, unreadable(home))) == retry.INVALID_MESSAGE
    (stanza,) = (each for each in home.devices[BOB].send("new", "alice", Text("hi"), NOW) if each.recipient == WEB)
    assert stanza.enc_type == "pkmsg"
    forget_session(device, BOB)
    with device.store.transaction():
        device.one_time_prekeys.clear()
    assert retry.reason(failure(device, stanza)) == retry.INVALID_KEY_ID
    assert retry.reason(Refused("no_sender_key", "")) == retry.NO_SESSION
