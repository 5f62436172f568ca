"""Files between accounts: sealed, fetched, refused if changed, uploaded again by the phone."""

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.dialogue import DeleteBlob, Download, Upload, ask
from impl.refusal import Refused
from impl.wire.content import Revoke
from tests.impl.client.street import PHOTO, Street, key_of, medium_of


def test_every_device_of_both_sides_has_the_file(street: Street) -> None:
    message_id = street.show(street.desktop, "bob")
    for client in street.everybody:
        assert street.fetch(client, message_id) == PHOTO
        assert client.device.messages[key_of(client, message_id)].text == "look"
        assert client.refusals == []


def test_a_new_companion_fetches_what_history_tells_of(street: Street) -> None:
    message_id = street.show(street.bob, "alice")
    assert street.fetch(street.companion(street.alice), message_id) == PHOTO


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_a_changed_file_is_refused(street: Street, place: int) -> None:
    message_id = street.show(street.alice, "bob")
    path = medium_of(street.bob, message_id).path
    blob = bytearray(street.network.run(street.bob, ask(Download(path))))
    blob[place] ^= 1
    street.network.run(street.bob, ask(Upload(path, bytes(blob))))
    with pytest.raises(Refused, match="file_intact"):
        street.fetch(street.bob, message_id)
    assert not street.bob.device.files


def test_the_phone_uploads_a_lost_file_again(street: Street) -> None:
    message_id = street.show(street.alice, "bob")
    assert street.fetch(street.bob, message_id) == PHOTO
    path = medium_of(street.bob, message_id).path
    street.network.run(street.alice, ask(DeleteBlob(path)))
    with pytest.raises(Refused, match="gone"):
        street.fetch(street.web, message_id)
    street.web = street.restarted(street.web)
    street.network.settle()
    assert street.web.device.files[key_of(street.web, message_id)] == PHOTO
    assert street.bob.refusals == street.web.refusals == []


def test_only_the_phone_answers(street: Street) -> None:
    message_id = street.show(street.alice, "bob")
    key, web = key_of(street.web, message_id), street.web.device
    assert isinstance(web, Companion) and web.address
    asked = web.ask_for_file(key)
    for sender, check in (
        (web.address, "from_the_phone"),
        (Address("alice", 0), "from_own_account"),
        (Address("bob", 0), "well_formed"),
    ):
        with pytest.raises(Refused, match=check):
            web.found_file_again(key, sender, asked)
    assert list(web.retries) == [key]


def test_what_the_phone_never_fetched_stays_lost(street: Street) -> None:
    message_id = street.show(street.alice, "bob")
    street.network.run(street.alice, ask(DeleteBlob(medium_of(street.bob, message_id).path)))
    for client in (street.bob, street.web):
        with pytest.raises(Refused, match="gone"):
            street.fetch(client, message_id)
    street.network.settle()
    assert key_of(street.web, message_id) not in street.web.device.files
    assert street.web.refusals == []


def test_a_deleted_message_takes_its_file_along(street: Street) -> None:
    message_id = street.show(street.alice, "bob")
    for client in street.everybody:
        street.fetch(client, message_id)
    street.network.run(street.desktop, street.desktop.send("bob", Revoke("bob", True, message_id)))
    street.network.settle()
    for client in street.everybody:
        assert message_id not in {each.id for each in client.device.conversation}
        assert not client.device.files


def test_nobody_takes_back_the_words_of_another_user(street: Street) -> None:
    message_id = street.show(street.alice, "bob")
    street.network.run(street.bob, street.bob.send("alice", Revoke("alice", False, message_id)))
    street.network.settle()
    assert street.fetch(street.alice, message_id) == PHOTO
