import pytest

from impl.address import Address
from impl.crypto.entropy import seeded
from impl.dialogue import (
    Acknowledge,
    AskRetry,
    Declined,
    DeleteBlob,
    Delivery,
    DevicesChanged,
    Download,
    FetchBundles,
    OneTimePrekey,
    PublishPrekeys,
    RegisterPhone,
    RetryAsked,
    SyncCollections,
    Upload,
)
from impl.phone import Phone
from impl.server import Server
from impl.stanza import RetryRequest, Stanza

ALICE, BOB, CAROL = (Address(user, 0) for user in ("alice", "bob", "carol"))


def test_a_mailbox_is_emptied_by_acknowledgements() -> None:
    server = Server()
    first, second = (Delivery(Stanza(each, ALICE, BOB, "message", "msg", b"body")) for each in "12")
    with server.store.transaction():
        server.mailboxes.post(BOB, first)
        server.mailboxes.post(BOB, second)
    assert [entry.event for entry in server.mailboxes.waiting(BOB)] == [first, second]
    server.answer(CAROL, Acknowledge((1, 2)))
    server.answer(BOB, Acknowledge((1,)))
    assert [entry.event for entry in server.mailboxes.waiting(BOB)] == [second]


def test_a_blob_is_gone_when_deleted() -> None:
    server = Server()
    server.answer(ALICE, Upload("/a", b"blob"))
    assert server.answer(BOB, Download("/a")) == b"blob"
    server.answer(BOB, DeleteBlob("/a"))
    with pytest.raises(Declined):
        server.answer(BOB, Download("/a"))


def test_a_prekey_that_was_given_away_does_not_come_back() -> None:
    server = Server()
    device = Phone.register("alice", seeded(b"prekeys"), 0)
    due = device.publish(0, 0)
    one_time = tuple(OneTimePrekey(each, public) for each, public in due.one_time.items())
    server.answer(ALICE, RegisterPhone("alice", due.bundle, one_time))
    given = [server.answer(ALICE, FetchBundles((ALICE,)))]
    server.answer(ALICE, PublishPrekeys(due.bundle, one_time))
    given += [server.answer(ALICE, FetchBundles((ALICE,))) for _ in one_time]
    ids = [bundle.one_time_id for ((_, bundle),) in given]
    assert ids == [*due.one_time, None]


def test_who_waits_for_a_device_is_told_when_it_can_be_reached() -> None:
    server = Server()
    phone = Phone.register("alice", seeded(b"reach"), 0)
    due = phone.publish(0, 0)
    server.answer(ALICE, RegisterPhone("alice", due.bundle, ()))
    web = Address("alice", 1)
    with server.store.transaction():
        server.directory.add(web, 1)
    for _ in range(2):
        server.answer(web, PublishPrekeys(due.bundle))
    assert [entry.event for entry in server.mailboxes.waiting(ALICE)] == [DevicesChanged("alice")]


def test_app_state_is_for_devices_of_the_account() -> None:
    with pytest.raises(Declined):
        Server().answer(ALICE, SyncCollections(()))


def test_nobody_asks_in_the_name_of_another() -> None:
    server = Server()
    request = RetryRequest("id", ALICE, BOB, 1, 0, 1)
    server.answer(CAROL, AskRetry(request))
    assert server.mailboxes.waiting(BOB) == []
    server.answer(ALICE, AskRetry(request))
    assert [entry.event for entry in server.mailboxes.waiting(BOB)] == [RetryAsked(request)]
