"""Backups: messages come back on the next phone, and neither set of keys opens anything of the other."""

import pytest

from impl import backup
from impl.backup import from_digits, from_password, new_digits
from impl.client import Client
from impl.client.backup import back_up, restore_with_digits, restore_with_password
from impl.client.linking import unlink
from impl.dialogue import Declined, FetchBackup, StoreBackup, ask
from impl.messages import StoredMessage
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.backup import BackupFile
from tests.impl.client.street import Street
from tests.impl.client.town import NOW

DIGITS = "00112233 44556677 8899aabb ccddeeff " * 2


def phone_of(client: Client) -> Phone:
    assert isinstance(client.device, Phone)
    return client.device


def backed_up(street: Street) -> tuple[bytes, list[StoredMessage]]:
    """What the server has of Alice, and what she had said and heard."""
    street.say(street.alice, "bob", "hi")
    street.say(street.bob, "alice", "ho")
    street.show(street.bob, "alice")
    phone = phone_of(street.alice)
    phone.set_backup_key(from_digits(DIGITS))
    street.network.run(street.alice, back_up(phone, NOW))
    return street.server.blobs.backups["alice"], phone.conversation


def test_the_next_phone_has_the_messages_and_no_key(street: Street) -> None:
    _, conversation = backed_up(street)
    former = phone_of(street.alice)
    street.network.clients.remove(street.alice)
    street.alice = street.phone("alice")
    phone = phone_of(street.alice)
    assert street.network.run(street.alice, restore_with_digits(phone, DIGITS, NOW)) == 3
    assert phone.conversation == conversation
    assert not phone.records and not phone.companions
    assert not {each.data for each in phone.sync_keys.values()} & {each.data for each in former.sync_keys.values()}
    assert phone.identity != former.identity
    assert phone.backup_key == former.backup_key
    assert street.fetch(street.alice, conversation[-1].id)
    assert street.network.run(street.alice, restore_with_digits(phone, DIGITS, NOW)) == 0


def test_a_password_does_as_well(street: Street) -> None:
    phone = phone_of(street.alice)
    street.say(street.alice, "bob", "hi")
    phone.set_backup_key(from_password("correct horse", street.entropy(32)))
    street.network.run(street.alice, back_up(phone, NOW))
    (message,) = phone.conversation
    with phone.store.transaction():
        del phone.messages[message.key]
    with pytest.raises(Refused, match="backup_key"):
        street.network.run(street.alice, restore_with_password(phone, "battery staple", NOW))
    assert street.network.run(street.alice, restore_with_password(phone, "correct horse", NOW)) == 1


def test_linking_and_unlinking_change_nothing_in_it(street: Street) -> None:
    """B1: the key stays, and what the backup holds does too."""
    backed_up(street)
    phone = phone_of(street.alice)
    key, before = phone.backup_key, opened(phone, backup.make(phone, NOW))
    street.companion(street.alice)
    (first, *_) = phone.live
    street.network.run(street.alice, unlink(phone, first, NOW))
    street.network.settle()
    assert phone.backup_key == key
    assert opened(phone, backup.make(phone, NOW)) == before


def opened(phone: Phone, file: bytes) -> bytes:
    assert phone.backup_key is not None
    sealed = BackupFile.decode(file)
    return backup._cipher(phone.backup_key).decrypt(sealed.nonce, sealed.sealed, sealed.header)


def test_no_other_key_opens_it_and_it_holds_no_key(street: Street) -> None:
    file, _ = backed_up(street)
    phone = phone_of(street.alice)
    key = bytes.fromhex(DIGITS.replace(" ", ""))
    others = [phone.identity.private, *(each.data for each in phone.sync_keys.values() if each.data)]
    assert others and key not in others
    for other in others:
        with pytest.raises(Refused, match="backup_key"):
            phone.restore_backup(from_digits(other.hex()), file, NOW)
    content = opened(phone, file)
    assert all(secret not in content for secret in (key, *others))


def test_what_is_refused(street: Street) -> None:
    file, _ = backed_up(street)
    phone = phone_of(street.alice)
    for place in (7, 40, -1):
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(Refused, match="backup_key"):
            phone.restore_backup(from_digits(DIGITS), bytes(changed), NOW)
    with pytest.raises(Refused, match="well_formed"):
        phone.restore_backup(from_digits(DIGITS), b"", NOW)
    with pytest.raises(Refused, match="well_formed"):
        from_digits("12")
    with pytest.raises(Refused, match="backup_key"):
        backup.make(phone_of(street.bob), NOW)
    assert from_digits(new_digits(street.entropy)).key != from_digits(new_digits(street.entropy)).key


def test_only_the_phone_of_the_account_reaches_it(street: Street) -> None:
    backed_up(street)
    for client, request in (
        (street.desktop, FetchBackup()),
        (street.desktop, StoreBackup(b"")),
        (street.bob, FetchBackup()),
    ):
        with pytest.raises(Declined):
            street.network.run(client, ask(request))


def test_what_expired_does_not_come_back(street: Street) -> None:
    street.network.run(street.alice, street.alice.set_timer("bob", 86400))
    file, _ = backed_up(street)
    phone = phone_of(street.alice)
    phone.sweep(NOW + 86400)
    left = phone.conversation
    phone.restore_backup(from_digits(DIGITS), file, NOW + 86400)
    assert phone.conversation == left
