"""Disappearing messages on every device of both sides; nothing that expired comes back."""

from dataclasses import replace

import pytest

from impl.client import Client
from impl.ephemeral import SKEW
from impl.history.contents import adopt, conversations, past_of, stored
from impl.messages import StoredMessage
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.content import Text, Timer, TimerSetting
from impl.wire.history import History
from tests.impl.client.street import Street, key_of
from tests.impl.client.town import NOW, texts

DAY = 86400
WEEK = 7 * DAY


def said(client: Client) -> list[str]:
    return [text for text in texts(client) if text]


def set_timer(street: Street, client: Client, chat: str, seconds: int) -> None:
    street.network.run(client, client.set_timer(chat, seconds))
    street.network.settle()


def sweep(street: Street, seconds: int) -> None:
    street.time += seconds
    for client in street.network.clients:
        client.device.sweep(street.time)


def test_any_device_sets_the_timer_of_both_sides(street: Street) -> None:
    set_timer(street, street.web, "alice", DAY)
    for client, chat in ((street.alice, "bob"), (street.desktop, "bob"), (street.bob, "alice"), (street.web, "alice")):
        assert client.device.timers == {chat: Timer(DAY, NOW)}
    message_id = street.say(street.desktop, "bob", "soon gone")
    for client in street.everybody:
        assert client.device.messages[key_of(client, message_id)].timer == Timer(DAY, NOW)


def test_expired_messages_go_everywhere_and_others_stay(street: Street) -> None:
    street.say(street.alice, "bob", "for ever")
    set_timer(street, street.alice, "bob", DAY)
    street.say(street.bob, "alice", "a day")
    set_timer(street, street.bob, "alice", WEEK)
    message_id = street.show(street.alice, "bob")
    for client in street.everybody:
        street.fetch(client, message_id)
    sweep(street, DAY - 1)
    assert all(said(client) == ["for ever", "a day", "look"] for client in street.everybody)
    street.everybody = tuple(map(street.restarted, street.everybody))
    sweep(street, 1)
    assert all(said(client) == ["for ever", "look"] and client.device.files for client in street.everybody)
    sweep(street, WEEK)
    for client in street.everybody:
        assert said(client) == ["for ever"]
        assert not client.device.files and not client.device.expiring


def test_connecting_and_hearing_sweep(street: Street) -> None:
    set_timer(street, street.alice, "bob", DAY)
    street.say(street.alice, "bob", "gone")
    street.time += DAY
    street.network.connect(street.web)
    street.say(street.desktop, "bob", "hi")
    assert said(street.web) == said(street.bob) == said(street.alice) == ["hi"]


def test_what_has_gone_here_stays_away_though_the_phone_has_it_still(street: Street) -> None:
    """The phone got it later, and its copy outlives that of the companion."""
    set_timer(street, street.alice, "bob", DAY)
    message_id = street.say(street.bob, "alice", "gone")
    web, phone = street.desktop.device, street.alice.device
    assert isinstance(phone, Phone)
    kept = web.messages[key_of(street.desktop, message_id)]
    told = History(conversations(phone, [replace(kept, timestamp=kept.timestamp + DAY)], NOW))
    web.sweep(NOW + DAY)
    with web.store.transaction():
        assert adopt(web, told, NOW + DAY) == 0
    assert said(street.desktop) == []


def test_what_expired_is_not_kept_for_devices_that_were_away(street: Street) -> None:
    set_timer(street, street.alice, "bob", DAY)
    street.network.disconnect(street.web)
    street.say(street.alice, "bob", "gone")
    assert street.alice.device.sent
    sweep(street, DAY)
    assert not street.alice.device.sent and not street.alice.device.outbox


def test_history_neither_shares_nor_imports_what_expired(street: Street) -> None:
    set_timer(street, street.alice, "bob", DAY)
    street.say(street.alice, "bob", "old")
    street.time += DAY - 10
    street.say(street.bob, "alice", "new")
    tablet = street.companion(street.bob)
    assert said(tablet) == ["old", "new"]
    assert tablet.device.timers == {"alice": Timer(DAY, NOW)}
    street.time += 10
    laptop = street.companion(street.bob)  # the phone has not swept yet
    assert said(laptop) == ["new"]
    tablet.device.sweep(street.time)
    assert said(tablet) == ["new"]


def test_a_phone_whose_clock_is_ahead_prolongs_nothing(street: Street) -> None:
    phone = street.bob.device
    set_timer(street, street.alice, "bob", DAY)
    street.say(street.alice, "bob", "a day")
    with phone.store.transaction():
        for key, message in list(phone.messages.items()):
            phone.messages[key] = replace(message, timestamp=NOW + 100 * WEEK)
    tablet = street.companion(street.bob)
    assert said(tablet) == ["a day"]
    tablet.device.sweep(street.time + DAY)
    assert said(tablet) == []


def test_the_newest_setting_counts_whatever_comes_last(street: Street) -> None:
    set_timer(street, street.alice, "bob", DAY)
    set_timer(street, street.bob, "alice", WEEK)
    street.network.run(street.alice, street.alice.send("bob", TimerSetting(0, NOW - 5)))
    street.network.settle()
    assert {client.device.timers[chat] for client in street.everybody for chat in client.device.timers} == {
        Timer(WEEK, NOW + 1)
    }


def test_a_setting_from_the_future_is_refused(street: Street) -> None:
    with pytest.raises(Refused, match="clock"):
        street.network.run(street.alice, street.alice.send("bob", TimerSetting(DAY, NOW + SKEW + 1)))
    street.alice.clock = lambda: NOW + SKEW + 1
    set_timer(street, street.alice, "bob", DAY)
    assert [refusal.check for refusal in street.bob.refusals] == ["clock"]
    assert not street.bob.device.timers


def test_a_message_tells_the_timer_to_who_missed_the_setting(street: Street) -> None:
    street.network.run(street.alice, street.alice.send("bob", Text("hi", Timer(WEEK, NOW - 1))))
    street.network.run(street.alice, street.alice.send("bob", Text("ho", Timer(5, NOW))))
    street.network.settle()
    assert street.web.device.timers == {"alice": Timer(WEEK, NOW - 1)}
    messages: list[StoredMessage] = street.web.device.conversation
    assert [message.expires_at for message in messages] == [NOW + WEEK, NOW + 5]


def test_what_the_phone_tells_one_by_one_keeps_its_timer_too(street: Street) -> None:
    set_timer(street, street.alice, "bob", DAY)
    message_id = street.say(street.alice, "bob", "a day")
    phone, key = street.bob.device, key_of(street.bob, message_id)
    assert isinstance(phone, Phone)
    past = past_of(phone, phone.messages[key])
    assert stored("alice", past, NOW + 1).expires_at == NOW + DAY
    assert conversations(phone, [phone.messages[key]], NOW + DAY) == ()
