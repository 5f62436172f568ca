"""Both sides against noiseprotocol, byte for byte."""

from collections.abc import Iterator
from typing import Any

import pytest

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer
from impl.transport.channel import Channel
from impl.transport.framing import PROLOGUE
from impl.transport.handshake import ClientHandshake, ServerHandshake
from impl.transport.patterns import XX, HandshakeState
from impl.wire.handshake import ClientFinish, ClientHello, ServerHello, encode
from tests.vectors import load

FOREIGN = load("noise")


def foreign(name: str) -> bytes:
    return bytes.fromhex(FOREIGN[name])


def drawn(pair: KeyPair) -> Entropy:
    """Entropy that draws what the other implementation drew, once."""
    rest = iter([pair.private])
    return lambda length: next(rest)


CLIENT = KeyPair.of(foreign("client_static_private"))
CLIENT_EPHEMERAL = KeyPair.of(foreign("client_ephemeral_private"))
SERVER = KeyPair.of(foreign("server_static_private"))
FORMER = KeyPair.of(bytes(range(32)))
SERVER_EPHEMERAL = KeyPair.of(foreign("server_ephemeral_private"))
NOW = FOREIGN["valid_at"]
ROOT, CHAIN, PAYLOAD = foreign("root_public"), foreign("server_payload"), foreign("client_payload")


def messages(name: str) -> Iterator[bytes]:
    return map(bytes.fromhex, FOREIGN[name]["messages"])


def parts(message: bytes, *lengths: int) -> list[bytes]:
    """A Noise message taken apart: so many bytes each, the rest is the last."""
    taken = []
    for length in lengths:
        taken.append(message[:length])
        message = message[length:]
    return [*taken, message]


def client(known: KeyPair | None) -> ClientHandshake:
    if known is None:
        return ClientHandshake.begin(CLIENT, PAYLOAD, drawn(CLIENT_EPHEMERAL))
    server = TrustedServer(known.public, NOW, NOW)
    return ClientHandshake.resume(CLIENT, PAYLOAD, drawn(CLIENT_EPHEMERAL), server, NOW)


def check_transport(rows: list[dict[str, Any]], clients: Channel, servers: Channel) -> None:
    for row in rows:
        plaintext, there, back = (bytes.fromhex(row[name]) for name in ("plaintext", "from_client", "from_server"))
        assert (clients.seal(plaintext), servers.open(there)) == (there, plaintext)
        assert (servers.seal(plaintext + b" back"), clients.open(back)) == (back, plaintext + b" back")


def test_the_prologue() -> None:
    assert foreign("prologue") == PROLOGUE


@pytest.mark.parametrize(("name", "known"), [("xx", None), ("xx_fallback", FORMER)])
def test_xx_and_its_fallback(name: str, known: KeyPair | None) -> None:
    first, second, third = messages(name)
    asking, listening = client(known), ServerHandshake(SERVER, CHAIN, drawn(SERVER_EPHEMERAL))
    if known is None:
        assert asking.hello == encode(ClientHello(first))
    hello = encode(ServerHello(*parts(second, 32, 48)))
    finish = encode(ClientFinish(*parts(third, 48)))
    assert listening.answer(asking.hello) == (hello, None)
    connected = asking.finish(hello, ROOT, NOW)
    accepted = listening.finish(finish)
    assert connected.reply == finish
    assert (connected.server.key, accepted.noise, accepted.payload) == (SERVER.public, CLIENT.public, PAYLOAD)
    check_transport(FOREIGN[name]["transport"], connected.channel, accepted.channel)


def test_ik() -> None:
    first, second = messages("ik")
    ephemeral, sealed = parts(second, 32)
    asking, listening = client(SERVER), ServerHandshake(SERVER, CHAIN, drawn(SERVER_EPHEMERAL))
    assert asking.hello == encode(ClientHello(*parts(first, 32, 48)))
    hello, accepted = listening.answer(asking.hello)
    assert hello == encode(ServerHello(ephemeral, None, sealed))
    connected = asking.finish(hello, ROOT, NOW)
    assert accepted is not None
    assert (connected.reply, accepted.noise, accepted.payload) == (None, CLIENT.public, PAYLOAD)
    check_transport(FOREIGN["ik"]["transport"], connected.channel, accepted.channel)


def test_plain_xx_hashes_an_empty_first_payload_and_differs_in_nothing_else() -> None:
    first, second, third = messages("plain_xx")
    state = HandshakeState(XX, CLIENT, CLIENT_EPHEMERAL, initiator=True)
    assert state.write() == (first,)
    state._symmetric.mix_hash(b"")
    assert state.read(parts(second, 32, 48)) == CHAIN
    assert b"".join(state.write(PAYLOAD)) == third
    row, *_ = FOREIGN["plain_xx"]["transport"]
    assert state.split().seal(bytes.fromhex(row["plaintext"])).hex() == row["from_client"]
