"""View once: one opening, on the recipient's phone, and nothing for anybody after that."""

from dataclasses import replace
from io import BytesIO

import pytest

from impl import attachments, viewonce
from impl.client import Client
from impl.client.groups import create
from impl.client.media import fetch, view
from impl.dialogue import Declined, Download, GroupDelivery, Submit, SubmitToGroup, ask
from impl.messages import MessageKey
from impl.phone import Phone
from impl.refusal import Refused
from tests.impl.client.street import PHOTO, Street, key_of, medium_of
from tests.impl.client.town import NOW


def open_(street: Street, message_id: str, client: Client | None = None) -> bytes:
    """By Bob unless told."""
    reader = client or street.bob
    assert isinstance(reader.device, Phone)
    return street.network.run(reader, view(reader.device, key_of(reader, message_id), NOW))


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


def test_a_companion_takes_none_from_a_sender_who_seals_it_for_all(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.say(street.alice, "bob", "hi")
    body = attachments.attach(BytesIO(PHOTO), BytesIO(), "image", "image/png", street.entropy, view_once=True)
    with monkeypatch.context() as patched:
        patched.setattr(viewonce, "readers", lambda addresses, chat: set(addresses))
        stanzas = street.alice.device.send("3EB0", "bob", body, NOW)
        street.network.run(street.alice, ask(Submit("3EB0", "bob", tuple(stanzas))))
    street.network.settle()
    assert [refusal.check for refusal in street.web.refusals] == ["view_once"]
    assert street.bob.refusals == []


# in groups


@pytest.fixture
def group(street: Street) -> str:
    """Of Alice, Bob and Carol, who has a phone alone."""
    street.carol = street.phone("carol")  # type: ignore[attr-defined]
    group = street.network.run(street.alice, create(street.alice.device, ("bob", "carol"), NOW))
    street.network.settle()
    return group


def carol(street: Street) -> Client:
    found: Client = street.carol  # type: ignore[attr-defined]
    return found


def test_each_phone_of_a_group_opens_it_once_and_companions_learn_that_they_lack_it(street: Street, group: str) -> None:
    message_id = street.show(street.desktop, group, view_once=True)
    key = MessageKey(message_id, street.desktop.device.address, group)
    assert list(street.web.device.unavailable) == list(street.alice.device.unavailable) == [key]
    for client in (street.bob, carol(street)):
        assert not client.device.unavailable
        assert open_(street, message_id, client) == PHOTO
        with pytest.raises(Refused, match="opened_once"):
            open_(street, message_id, client)
    street.network.settle()
    assert not street.web.device.unavailable and list(street.alice.device.unavailable) == [key]
    assert all(not client.refusals and not client.device.sent for client in (*street.everybody, carol(street)))


def test_no_companion_could_open_it_with_the_help_of_the_server(
    street: Street, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of the group opens nothing, and there is a ciphertext for phones of others alone."""
    asked: list[SubmitToGroup] = []
    honest = street.server.groups.submit
    monkeypatch.setattr(street.server.groups, "submit", lambda client, it: asked.append(it) or honest(client, it))
    street.show(street.alice, group, view_once=True)
    (request,) = asked
    assert request.body == b""
    phones = {street.bob.device.address, carol(street).device.address}
    assert {each.recipient for each in request.distributions} == phones


def test_what_follows_in_the_group_is_read_by_all(street: Street, group: str) -> None:
    street.show(street.alice, group, view_once=True)
    for client in (street.alice, street.web):
        message_id = street.say(client, group, "hi")
        for each in (*street.everybody, carol(street)):
            assert key_of(each, message_id).chat == group
            assert not each.refusals


def test_a_phone_that_the_sender_does_not_know_gets_it_too(street: Street, group: str) -> None:
    """The server says who lacks it."""
    with street.alice.device.store.transaction():
        device = street.alice.device
        del device.peers[carol(street).device.address]
        device.records.pop(carol(street).device.address, None)
    message_id = street.show(street.alice, group, view_once=True)
    assert open_(street, message_id, carol(street)) == PHOTO
    assert open_(street, message_id) == PHOTO
    assert len(street.web.device.unavailable) == 1


def test_a_damaged_one_comes_again_and_to_nobody_else(
    street: Street, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(client: Client, event: GroupDelivery) -> None:
        sealed = event.stanza.distribution
        if sealed is not None and not event.stanza.body and damage:
            damage.pop()
            body = sealed.body[:40] + bytes(8) + sealed.body[48:]
            event = GroupDelivery(replace(event.stanza, distribution=replace(sealed, body=body)))
        honest(client, event)

    street.say(carol(street), group, "hi")  # so that Alice's session with her is one of both
    damage, honest = [True], street.server.mailboxes.post
    monkeypatch.setattr(
        street.server.mailboxes,
        "post",
        lambda client, event: damaged(client, event) if isinstance(event, GroupDelivery) else honest(client, event),
    )
    message_id = street.show(street.alice, group, view_once=True)
    refused = [each.check for client in (street.bob, carol(street)) for each in client.refusals]
    assert refused == ["intact"]
    assert open_(street, message_id) == open_(street, message_id, carol(street)) == PHOTO
    assert street.web.refusals == [] and not street.alice.device.sent


def test_a_companion_takes_none_that_was_sealed_for_the_group(
    street: Street, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(viewonce, "readers_in_group", lambda addresses, own: tuple(addresses))
        street.show(street.alice, group, view_once=True)
    assert [refusal.check for refusal in street.web.refusals] == ["view_once"]
    assert street.bob.refusals == carol(street).refusals == []
