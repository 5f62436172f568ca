"""Who comes online is heard, and not answered."""

from impl.address import Address
from impl.connected import Desk
from impl.connected.server import ServerSession
from impl.server import Server
from impl.wire.nodes import Node

ALICE = Address("15550001001", 0)


class Sent(list[Node]):
    send = list[Node].append

    def end(self, *nodes: Node, why: str) -> None:
        raise AssertionError(why)


def test_nothing_is_said_to_a_presence() -> None:
    server, sent = Server(), Sent()
    session = ServerSession(Desk(server, lambda: 0, ""), ALICE, sent)
    session.received(Node("presence", {"type": "available", "name": "Alice"}))
    session.received(Node("presence", {"type": "unavailable"}))
    assert dict(server.profiles.names) == {"15550001001": "Alice"} and not sent
