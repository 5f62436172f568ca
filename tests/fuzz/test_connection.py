"""The connection target notices a connection that depends on how its stream is cut; its envelope reaches the nodes."""

from __future__ import annotations

import pytest

from fuzz.corpus import seeds
from fuzz.oracles import Finding, check
from fuzz.targets import TARGETS
from fuzz.targets.connection import KNOWN, read, say
from impl.transport.connection import Received, ServerConnection
from impl.transport.framing import FrameReader
from impl.wire import nodes, payload
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

TARGET, SEEDS = TARGETS["connection"], seeds(0)["connection"]
HELLO, BYE = (payload.encode(nodes.encode(Node(tag))) for tag in ("hello", "bye"))


@pytest.mark.parametrize("known", [None, KNOWN], ids=["XX", "IK"])
def test_what_is_put_into_the_envelope_is_heard(known: object) -> None:
    stream = say([HELLO, HELLO], known)  # type: ignore[arg-type]
    last, close = TARGET.envelope(stream)
    assert (last, close(last)) == (HELLO, stream)
    assert read(close(BYE))[1:] == (Received(Node("hello")), Received(Node("bye")))
    with pytest.raises(DecodeError, match="connection: decode"):
        read(close(b"no payload"))


def test_a_connection_that_takes_one_node_a_piece_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = max(SEEDS, key=len)
    check(TARGET, seed)
    whole = ServerConnection._events

    def first(connection: ServerConnection) -> object:
        yield from [event for event, _ in zip(whole(connection), range(1), strict=False)]

    monkeypatch.setattr(ServerConnection, "_events", first)
    with pytest.raises(Finding, match=r"W1: Differs: .* whole, .* byte by byte"):
        check(TARGET, seed)


def test_a_reader_that_forgets_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetting(reader: FrameReader, data: bytes) -> None:
        reader._buffer[:] = data

    monkeypatch.setattr(FrameReader, "receive", forgetting)
    with pytest.raises(Finding, match="W1: Differs"):
        check(TARGET, say([HELLO]))
