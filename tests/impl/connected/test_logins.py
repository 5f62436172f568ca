"""Who is let in, and what is said to who is not."""

import pytest

from impl.address import Address
from impl.connected import Desk, TurnedAway
from impl.dialogue import Unlinked
from impl.server import Server
from impl.stanzas import connection
from impl.wire.client_payload import Login
from impl.wire.nodes import Node

FORMER = Address("15550001001", 3)


class Nowhere:
    def send(self, node: Node) -> None:
        raise AssertionError(node)

    def end(self, *nodes: Node, why: str = "") -> None:
        raise AssertionError(nodes)


def test_who_was_unlinked_while_away_is_told_so_and_has_no_mail_left() -> None:
    server = Server()
    desk = Desk(server, lambda: 0, "")
    with server.store.transaction():
        server.mailboxes.post(FORMER, Unlinked())
    with pytest.raises(TurnedAway) as turned:
        desk.accept(bytes(32), Login(int(FORMER.user), FORMER.device), True, Nowhere())
    assert turned.value.node == connection.failure(401)
    assert server.mailboxes.count(FORMER) == 0
