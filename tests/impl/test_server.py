import pytest

from impl.address import Address
from impl.dialogue import Acknowledge, Declined, DeleteBlob, Delivery, Download, SyncCollections, Upload
from impl.server import Server
from impl.stanza import Stanza

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


def test_app_state_is_for_devices_of_the_account() -> None:
    with pytest.raises(Declined):
        Server().answer(ALICE, SyncCollections(()))
