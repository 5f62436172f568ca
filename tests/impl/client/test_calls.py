"""Calls between two accounts with two devices each."""

from dataclasses import replace

import pytest

from impl.calls import RING, TRANSITIONS, Signal
from impl.client import Client
from impl.client.calls import hang_up, reject, ring, take
from impl.dialogue import CallSignalled
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire import padding
from impl.wire.content import CallKey, Text, encode
from tests.impl.client.street import Street
from tests.impl.client.town import NOW, texts


def call(street: Street, client: Client, user: str) -> str:
    call_id = street.network.run(client, ring(client.device, user, street.time))
    street.network.settle()
    return call_id


def accept(street: Street, client: Client) -> None:
    street.network.run(client, take(client.device, street.time))
    street.network.settle()


def finish(street: Street, client: Client) -> None:
    street.network.run(client, hang_up(client.device))
    street.network.settle()


def states(street: Street) -> list[str | None]:
    return [client.device.call.state if client.device.call else None for client in street.everybody]


def signals_for(street: Street, client: Client) -> list[Signal]:
    waiting = street.server.mailboxes.waiting(client.name)
    return [entry.event.signal for entry in waiting if isinstance(entry.event, CallSignalled)]


def quiet(street: Street) -> bool:
    return not any(client.refusals or client.device.signals for client in street.everybody)


def test_one_device_answers_and_the_others_stop_ringing(street: Street) -> None:
    call_id = call(street, street.desktop, "bob")
    assert states(street) == [None, "calling", "ringing", "ringing"]
    accept(street, street.web)
    assert states(street) == [None, "talking", None, "talking"]
    assert street.bob.device.past_calls == {call_id: "elsewhere"}
    here, there = street.desktop.device.call, street.web.device.call
    assert here and there and here.key == there.key and here.others == (street.web.device.address,)
    finish(street, street.web)
    assert states(street) == [None] * 4
    assert quiet(street)


def test_messages_go_on_during_a_call(street: Street) -> None:
    call(street, street.alice, "bob")
    accept(street, street.bob)
    street.say(street.alice, "bob", "can you hear me")
    street.say(street.web, "alice", "he can")
    assert all(texts(client) == ["can you hear me", "he can"] for client in street.everybody)
    assert states(street) == ["talking", None, "talking", None]
    assert quiet(street)


def test_a_device_in_a_call_is_busy_while_its_others_ring(street: Street) -> None:
    carol = street.phone("carol")
    call(street, street.alice, "bob")
    accept(street, street.bob)
    second = call(street, carol, "bob")
    assert street.bob.device.past_calls[second] == "busy"
    assert states(street) == ["talking", None, "talking", "ringing"]
    assert carol.device.call and carol.device.call.others == (street.web.device.address,)
    accept(street, street.web)
    assert states(street) == ["talking", None, "talking", "talking"]
    third = call(street, street.desktop, "carol")
    assert street.desktop.device.past_calls[third] == "busy"
    assert quiet(street)


def test_declining_ends_the_call_everywhere(street: Street) -> None:
    call_id = call(street, street.alice, "bob")
    street.network.run(street.web, reject(street.web.device))
    street.network.settle()
    assert states(street) == [None] * 4
    assert street.alice.device.past_calls == {call_id: "declined"}
    assert quiet(street)


def test_two_who_accept_at_once(street: Street) -> None:
    call(street, street.alice, "bob")
    street.network.run(street.bob, take(street.bob.device, NOW))
    accept(street, street.web)
    assert sorted(map(str, states(street))) == ["None", "None", "talking", "talking"]
    assert street.alice.device.call


def test_both_hang_up_at_once(street: Street) -> None:
    call(street, street.alice, "bob")
    accept(street, street.bob)
    street.network.run(street.alice, hang_up(street.alice.device))
    finish(street, street.bob)
    assert states(street) == [None] * 4
    assert quiet(street)


def test_a_call_that_nobody_takes_stops(street: Street) -> None:
    call(street, street.alice, "bob")
    street.time += RING
    street.network.connect(street.web)
    assert states(street) == ["calling", None, "ringing", None]
    street.network.connect(street.alice)
    street.network.settle()
    assert states(street) == [None] * 4
    assert quiet(street)


def test_a_crash_before_the_server_has_it_says_the_same_again(street: Street) -> None:
    street.say(street.alice, "bob", "hi")
    street.alice.device.offer_call("bob", NOW)
    said = list(street.alice.device.signals.values())
    street.alice = street.restarted(street.alice)
    assert list(street.alice.device.signals.values()) == said
    street.network.connect(street.alice)
    street.network.settle()
    street.bob.device.accept_call(NOW)
    street.bob = street.restarted(street.bob)
    street.network.connect(street.bob)
    street.network.settle()
    assert street.alice.device.call and street.alice.device.call.state == "talking"
    assert street.bob.device.call and street.bob.device.call.key == street.alice.device.call.key
    assert quiet(street)


def test_what_is_heard_twice_counts_once(street: Street) -> None:
    street.network.run(street.alice, ring(street.alice.device, "bob", NOW))
    offers = signals_for(street, street.bob)
    street.network.settle()
    street.network.run(street.bob, take(street.bob.device, NOW))
    accepts = signals_for(street, street.alice)
    street.network.settle()
    for client, signals in ((street.bob, offers), (street.alice, accepts)):
        for signal in signals:
            with street.server.store.transaction():
                street.server.mailboxes.post(client.name, CallSignalled(signal))
    street.network.settle()
    assert states(street) == ["talking", None, "talking", None]
    assert quiet(street)


def test_nothing_of_the_key_is_left(street: Street) -> None:
    call(street, street.alice, "bob")
    accept(street, street.web)
    finish(street, street.alice)
    assert all(client.device.call is None and not client.device.signals for client in street.everybody)


def heard(street: Street, client: Client, signal: Signal) -> str:
    """Which check refuses it."""
    before = client.device.call, dict(client.device.past_calls), dict(client.device.records)
    with pytest.raises(Refused) as refusal:
        client.device.hear_call(signal, NOW)
    assert before == (client.device.call, dict(client.device.past_calls), dict(client.device.records))
    return refusal.value.check


def offered(street: Street) -> Signal:
    """An offer of Alice's phone that Bob's has not heard."""
    street.say(street.alice, "bob", "hi")
    street.network.clients.remove(street.bob)
    call(street, street.alice, "bob")
    (signal,) = signals_for(street, street.bob)
    return signal


def test_an_offer_counts_for_the_device_whose_session_opened_it(street: Street) -> None:
    signal = offered(street)
    desktop = street.desktop.device.address
    assert desktop and signal.stanza
    assert heard(street, street.bob, replace(signal, creator=desktop)) == "call_creator"
    assert heard(street, street.bob, replace(signal, creator=desktop, sender=desktop)) == "call_creator"
    assert heard(street, street.bob, replace(signal, call="other")) == "call_creator"
    assert heard(street, street.bob, replace(signal, stanza=None)) == "content"
    sent = street.alice.device.send("3EB0", "bob", Text("hi"), NOW)
    (message,) = (each for each in sent if each.recipient == street.bob.device.address)
    assert heard(street, street.bob, replace(signal, call="3EB0", stanza=message)) == "content"
    street.bob.device.hear_call(signal, NOW)


def test_a_call_id_serves_once(street: Street) -> None:
    signal = offered(street)
    street.bob.device.hear_call(signal, NOW)
    assert heard(street, street.bob, signal) == "fresh"
    street.bob.device.reject_call()
    carol = street.phone("carol")
    street.network.run(carol, carol.send("bob", Text("hi")))
    street.network.connect(street.bob)
    street.network.settle()
    other = offer_of(carol, street.bob, signal.call)
    assert heard(street, street.bob, other) == "fresh"
    street.bob.device.hear_call(offer_of(carol, street.bob, "another"), NOW)


def offer_of(client: Client, to: Client, call_id: str) -> Signal:
    """An offer under an id of the caller's choice."""
    own, recipient = client.device.address, to.device.address
    assert own and recipient
    return Signal(call_id, own, own, recipient, "offer", stanza=sealed(client, to, call_id, bytes(32)))


def sealed(client: Client, to: Client, call_id: str, key: bytes) -> Stanza:
    assert to.device.address
    plaintext = padding.pad(encode(CallKey(key)), client.device.entropy)
    return client.device.seal(to.device.address, plaintext, call_id, "message", NOW)


def test_an_acceptance_brings_the_key_of_the_call(street: Street) -> None:
    street.network.run(street.alice, ring(street.alice.device, "bob", NOW))
    street.network.settle()
    street.network.clients.remove(street.alice)
    street.network.run(street.bob, take(street.bob.device, NOW))
    (signal,) = signals_for(street, street.alice)
    web = street.web.device.address
    assert web
    assert heard(street, street.alice, replace(signal, sender=web)) == "call_party"
    assert heard(street, street.alice, replace(signal, call="other")) == "call_party"
    wrong = sealed(street.bob, street.alice, signal.call, bytes(32))
    assert heard(street, street.alice, replace(signal, stanza=wrong)) == "call_key"
    street.alice.device.hear_call(signal, NOW)


def test_only_what_the_table_allows(street: Street) -> None:
    for step in (street.bob.device.reject_call, street.bob.device.hang_up):
        with pytest.raises(Refused, match="call_state"):
            step()
    call(street, street.alice, "bob")
    with pytest.raises(Refused, match="call_state"):
        street.alice.device.offer_call("bob", NOW)
    with pytest.raises(Refused, match="call_state"):
        street.alice.device.accept_call(NOW)
    accept(street, street.bob)
    with pytest.raises(Refused, match="call_state"):
        street.bob.device.reject_call()
    assert all(after in TRANSITIONS for steps in TRANSITIONS.values() for after in steps.values())
