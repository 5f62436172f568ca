"""View once: one opening, on the recipient's phone, and nothing for anybody after that."""

import pytest

from impl import attachments, viewonce
from impl.client.media import fetch, view
from impl.dialogue import Declined, Download, Submit, ask
from impl.messages import MessageKey
from impl.phone import Phone
from impl.refusal import Refused
from tests.impl.client.street import PHOTO, Street, key_of, medium_of
from tests.impl.client.town import NOW


def open_(street: Street, message_id: str) -> bytes:
    assert isinstance(street.bob.device, Phone)
    return street.network.run(street.bob, view(street.bob.device, key_of(street.bob, message_id), NOW))


def test_the_phone_opens_it_once_and_companions_learn_that_they_lack_it(street: Street) -> None:
    message_id = street.show(street.desktop, "bob", view_once=True)
    from_desktop = MessageKey(message_id, street.desktop.device.address, "alice")
    assert list(street.web.device.unavailable) == [from_desktop]
    assert list(street.alice.device.unavailable) == [from_desktop._replace(chat="bob")]
    path = medium_of(street.bob, message_id).path
    assert open_(street, message_id) == PHOTO
    street.network.settle()
    assert not street.web.device.unavailable
    with pytest.raises(Declined):
        street.network.run(street.bob, ask(Download(path)))
    assert all(not client.refusals and not client.device.sent for client in street.everybody)


def test_nothing_is_left_that_could_open_it_again(street: Street) -> None:
    message_id = street.show(street.alice, "bob", view_once=True)
    key, path = key_of(street.bob, message_id), medium_of(street.bob, message_id).path
    blob = street.network.run(street.bob, ask(Download(path)))
    open_(street, message_id)
    street.bob = street.restarted(street.bob)
    assert isinstance(street.bob.device, Phone)
    with pytest.raises(Refused, match="opened_once"):
        open_(street, message_id)
    with pytest.raises(Refused, match="opened_once"):
        street.bob.device.open_view_once(key, blob, NOW)
    assert street.bob.device.messages[key].media is None
    for client in street.everybody:
        assert not client.device.files
        assert all(message.media is None for message in client.device.conversation)


def test_a_broken_file_does_not_use_up_the_opening(street: Street) -> None:
    message_id = street.show(street.alice, "bob", view_once=True)
    assert isinstance(street.bob.device, Phone)
    with pytest.raises(Refused, match="file_intact"):
        street.bob.device.open_view_once(key_of(street.bob, message_id), bytes(100), NOW)
    assert open_(street, message_id) == PHOTO


def test_history_does_not_carry_it(street: Street) -> None:
    message_id = street.show(street.alice, "bob", view_once=True)
    tablet = street.companion(street.bob)
    (message,) = (each for each in tablet.device.conversation if each.id == message_id)
    assert message.text == "look" and message.media is None


def test_it_is_not_fetched_like_other_files(street: Street) -> None:
    message_id = street.show(street.alice, "bob", view_once=True)
    with pytest.raises(Refused, match="view_once"):
        street.network.run(street.bob, fetch(street.bob.device, key_of(street.bob, message_id)))
    with pytest.raises(Refused, match="view_once"):
        viewonce.check_direct(medium_of(street.bob, message_id))


def test_a_companion_takes_none_from_a_sender_who_seals_it_for_all(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.say(street.alice, "bob", "hi")
    body, _ = attachments.attach(PHOTO, "image", "image/png", street.entropy, view_once=True)
    with monkeypatch.context() as patched:
        patched.setattr(viewonce, "readers", lambda addresses, chat: set(addresses))
        stanzas = street.alice.device.send("3EB0", "bob", body, NOW)
        street.network.run(street.alice, ask(Submit("3EB0", "bob", tuple(stanzas))))
    street.network.settle()
    assert [refusal.check for refusal in street.web.refusals] == ["view_once"]
    assert street.bob.refusals == []
