import pytest

from impl.address import Address
from impl.server import Server
from impl.stanza import Stanza

ALICE, BOB, CAROL = (Address(user, 0) for user in ("alice", "bob", "carol"))


def stanza(message_id: str, sender: Address, recipient: Address) -> Stanza:
    return Stanza(message_id, sender, recipient, "message", "msg", b"body")


def test_a_mailbox_is_emptied_by_receipts() -> None:
    server = Server()
    first, second = stanza("1", ALICE, BOB), stanza("2", ALICE, BOB)
    same_id, elsewhere = stanza("1", CAROL, BOB), stanza("1", ALICE, CAROL)
    server.submit([first, second, same_id, elsewhere])
    assert server.mailbox(BOB) == [first, second, same_id]
    server.acknowledge(BOB, "1", ALICE)
    assert server.mailbox(BOB) == [second, same_id]
    assert server.mailbox(CAROL) == [elsewhere]


def test_a_blob_is_gone_when_deleted() -> None:
    server = Server()
    server.put_blob("/a", b"blob")
    assert server.get_blob("/a") == b"blob"
    server.delete_blob("/a")
    with pytest.raises(KeyError):
        server.get_blob("/a")


def test_the_newest_list_is_shown() -> None:
    server = Server()
    server.publish_list("alice", b"1")
    server.publish_list("alice", b"2")
    assert server.lists == {"alice": b"2"}
