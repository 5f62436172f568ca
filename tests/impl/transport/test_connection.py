"""Both ends of a connection without a network: what arrives, in which pieces, and what ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from impl.transport.certificates import TrustedServer
from impl.transport.connection import (
    STREAM_END,
    ClientConnection,
    ClientEvent,
    Connected,
    Ended,
    Opened,
    Received,
    ServerConnection,
    ServerEvent,
)
from impl.transport.errors import ConnectionCheck, ConnectionFailed
from impl.transport.framing import PROLOGUE, frame
from impl.transport.handshake import ClientHandshake
from impl.wire import nodes
from impl.wire.client_payload import ClientPayload, Login
from impl.wire.handshake import MESSAGE_LIMIT
from impl.wire.nodes import Node
from tests.impl.transport.sides import BEGIN, CHAIN, CLIENT, END, ENTROPY, KNOWN, NOW, ROOT, SERVER, STRANGER
from tests.impl.transport.test_registration import REGISTRATION

FORMER = TrustedServer(STRANGER.public, BEGIN, END)
LOGIN = Login(15550001, 3)
HELLO = Node("message", {"id": "1"}, b"hello")
LONG = Node("message", {"id": "2"}, b"hello " * 1000)

EACH = pytest.mark.parametrize("known", [None, KNOWN, FORMER], ids=["XX", "IK", "XXfallback"])


def client(known: TrustedServer | None = None, said: ClientPayload = LOGIN) -> ClientConnection:
    return ClientConnection.open(CLIENT, said, ENTROPY, ROOT.public, NOW, known)


def server() -> ServerConnection:
    return ServerConnection(SERVER, CHAIN, ENTROPY)


def meet(asking: ClientConnection, listening: ServerConnection) -> tuple[list[ServerEvent], list[ClientEvent]]:
    """Hands on what either says until nobody says any more."""
    heard: list[ServerEvent] = []
    told: list[ClientEvent] = []
    while (said := asking.take()) or (answered := listening.take()):
        heard += listening.receive(said) if said else []
        told += asking.receive(listening.take() if said else answered)
    return heard, told


def met(known: TrustedServer | None = None) -> tuple[ClientConnection, ServerConnection]:
    asking, listening = client(known), server()
    meet(asking, listening)
    return asking, listening


def fails(check: ConnectionCheck, step: Callable[[], object]) -> None:
    with pytest.raises(ConnectionFailed) as failure:
        step()
    assert failure.value.check == check


@EACH
def test_who_has_connected_and_with_whom(known: TrustedServer | None) -> None:
    heard, told = meet(client(known), server())
    assert heard == [Opened(CLIENT.public, LOGIN, proven=known is not KNOWN)]
    assert told == [Connected(KNOWN)]


@EACH
def test_nodes_go_both_ways_until_the_end_of_the_stream(known: TrustedServer | None) -> None:
    asking, listening = met(known)
    asking.send(HELLO)
    asking.send(LONG)
    listening.send(LONG)
    assert meet(asking, listening) == ([Received(HELLO), Received(LONG)], [Received(LONG)])
    asking.send(HELLO)
    asking.end()
    asking.send(HELLO)
    assert meet(asking, listening) == ([Received(HELLO), Ended()], [])
    kept = len(listening._frames._buffer)
    assert list(listening.receive(b"whatever comes after the end")) == []
    assert len(listening._frames._buffer) == kept
    listening.send(HELLO)
    assert list(asking.receive(listening.take())) == [Received(HELLO)]


@EACH
@pytest.mark.parametrize("size", [1, 7])
def test_pieces_make_no_difference(known: TrustedServer | None, size: int) -> None:
    asking, listening = client(known), server()

    def across(data: bytes) -> Iterable[bytes]:
        return (data[at : at + size] for at in range(0, len(data), size))

    heard = [event for piece in across(asking.take()) for event in listening.receive(piece)]
    told = [event for piece in across(listening.take()) for event in asking.receive(piece)]
    asking.send(HELLO)
    heard += [event for piece in across(asking.take()) for event in listening.receive(piece)]
    assert heard == [Opened(CLIENT.public, LOGIN, proven=known is not KNOWN), Received(HELLO)]
    assert told == [Connected(KNOWN)]


def test_what_came_before_a_failure_was_heard_in_one_piece_too() -> None:
    asking, listening = met()
    asking.send(HELLO)
    events = listening.receive(asking.take() + frame(b"not sealed by anybody"))
    assert next(events) == Received(HELLO)
    fails("tag", lambda: next(events))
    asking.send(HELLO)
    assert list(listening.receive(asking.take())) == []


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("decode", b"GET / HTTP/1.1"),
        ("decode", PROLOGUE + bytes(3)),
        ("decode", PROLOGUE + (MESSAGE_LIMIT + 1).to_bytes(3)),
        ("decode", PROLOGUE + frame(b"no message")),
        ("order", b""),
        ("tag", b""),
    ],
    ids=["no opening", "empty frame", "too long for a handshake", "no message", "a finish first", "bent finish"],
)
def test_each_end_of_a_handshake(check: ConnectionCheck, said: bytes) -> None:
    asking, listening = client(), server()
    opening = asking.take()
    if not said:
        assert list(server_told(opening, listening, asking)) == [Connected(KNOWN)]
        finish = asking.take()
        listening = server() if check == "order" else listening
        said = PROLOGUE + finish if check == "order" else finish[:-1] + bytes([finish[-1] ^ 1])
    fails(check, lambda: list(listening.receive(said)))
    assert list(listening.receive(opening)) == []
    fails("order", lambda: listening.send(HELLO))


def server_told(opening: bytes, listening: ServerConnection, asking: ClientConnection) -> Iterable[ClientEvent]:
    assert list(listening.receive(opening)) == []
    return asking.receive(listening.take())


def test_a_client_that_says_nothing_of_itself_is_refused() -> None:
    handshake = ClientHandshake.begin(CLIENT, b"\x08\x01", ENTROPY)
    listening = server()
    assert list(listening.receive(PROLOGUE + frame(handshake.hello))) == []
    finish = handshake.finish(listening.take()[3:], ROOT.public, NOW).reply
    assert finish is not None
    fails("decode", lambda: list(listening.receive(frame(finish))))


def test_a_frame_that_is_no_node_leaves_a_last_word() -> None:
    asking, listening = met()
    assert asking._channel is not None
    piece = frame(asking._channel.seal(b"\x00\x00"))
    fails("decode", lambda: list(listening.receive(piece)))
    listening.send(HELLO)
    listening.end()
    assert list(asking.receive(listening.take())) == [Received(HELLO), Ended()]


def test_a_channel_that_has_failed_leaves_none() -> None:
    _, listening = met()
    fails("tag", lambda: list(listening.receive(frame(bytes(20)))))
    fails("closed", lambda: listening.send(HELLO))


def test_a_client_meets_no_server_but_the_certified_one() -> None:
    asking = ClientConnection.open(CLIENT, LOGIN, ENTROPY, STRANGER.public, NOW)
    listening = server()
    assert list(listening.receive(asking.take())) == []
    fails("intermediate_signature", lambda: list(asking.receive(listening.take())))
    assert asking.take() == b""


@pytest.mark.parametrize(
    ("known", "said"),
    [(KNOWN, REGISTRATION), (replace(KNOWN, not_after=NOW - 1), LOGIN)],
    ids=["registration", "out of date"],
)
def test_only_a_login_resumes_and_only_with_certificates_of_today(known: TrustedServer, said: ClientPayload) -> None:
    heard, _ = meet(client(known, said), server())
    assert heard == [Opened(CLIENT.public, said, proven=True)]


def test_what_fits_no_frame_is_refused_and_ends_nothing() -> None:
    asking, listening = met()
    fails("size", lambda: asking.send(Node("message", {}, bytes(1 << 24))))
    asking.send(HELLO)
    assert list(listening.receive(asking.take())) == [Received(HELLO)]


def test_a_client_that_is_told_where_to_go_says_so_first() -> None:
    asking = ClientConnection.open(CLIENT, LOGIN, ENTROPY, ROOT.public, NOW, routing=b"\x08\x02")
    heard, _ = meet(asking, server())
    assert heard == [Opened(CLIENT.public, LOGIN, proven=True)]
    fails("decode", lambda: ClientConnection.open(CLIENT, LOGIN, ENTROPY, ROOT.public, NOW, routing=bytes(2000)))


def test_servers_compress_what_is_long_and_clients_never() -> None:
    asking, listening = met()
    listening.send(LONG)
    asking.send(LONG)
    assert len(listening.take()) < 200 < 6000 < len(asking.take())


def test_the_end_is_what_real_clients_take_for_it() -> None:
    """wire.md, section 5.4: token 2 in a list."""
    assert nodes.encode(STREAM_END) == b"\xf8\x01\x02"
