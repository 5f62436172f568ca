"""Noise: clients of others and our server, from the opening to stanzas both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.transport.certificates import issue_chain, verify
from impl.transport.framing import PROLOGUE, FrameReader, frame
from impl.transport.handshake import Accepted, ServerHandshake
from impl.wire import nodes, payload
from impl.wire.certificates import Certificate, CertificateDetails
from impl.wire.handshake import ClientFinish, ClientHello, ServerHello, decode, encode
from impl.wire.nodes import Node
from tests.interop.functions.areas import of
from tests.interop.functions.test_nodes import asked, meant

BEGIN, NOW, END = 1626000000, 4000000000, 4100000000
ENTROPY = seeded(b"interop noise")
ROOT, INTERMEDIATE, SERVER, STRANGER = (KeyPair.generate(ENTROPY) for _ in range(4))
PAYLOAD = b"a payload of the client"
CLIENTS = tuple(each for each in of("noise") if each != "signal_python")
"""Those with frames, certificates and stanzas; noiseprotocol is the handshake alone."""

STANZAS = [
    Node("iq", {"id": "1", "type": "get", "xmlns": "w:p"}, (Node("ping"),)),
    Node("message", {"id": "3EB0C431"}, (Node("enc", {"v": "2", "type": "msg"}, bytes(3000)),)),
]


def server(chain_root: KeyPair = ROOT, until: int = END) -> ServerHandshake:
    chain = issue_chain(chain_root, INTERMEDIATE, SERVER.public, BEGIN, until, ENTROPY)
    return ServerHandshake(SERVER, chain.encode(), ENTROPY)


def handshake(peer: Shim, listening: ServerHandshake) -> Accepted:
    begun = peer.call("noise_begin", root=ROOT.public, payload=PAYLOAD)
    frames = FrameReader()
    frames.receive(begun["sent"])
    opening = frames.opening()
    assert opening is not None and opening.routing is None
    hello, accepted = listening.answer(taken(frames))
    assert accepted is None
    frames.receive(peer.call("noise_finish", hello=hello, payload=PAYLOAD))
    done = listening.finish(taken(frames))
    assert (done.noise, done.payload) == (begun["static"], PAYLOAD)
    return done


def taken(frames: FrameReader) -> bytes:
    taken = frames.frame()
    assert taken is not None
    return taken


@pytest.mark.only(*CLIENTS)
def test_from_the_opening_to_stanzas(peer: Shim) -> None:
    connected = handshake(peer, server())
    for _ in range(3):
        for node in STANZAS:
            sent = peer.call("noise_send", node=asked(node))
            received = nodes.decode(payload.decode(connected.channel.open(sent[3:])))
            assert (len(sent) - 3, received) == (int.from_bytes(sent[:3]), node)
            sealed = frame(connected.channel.seal(payload.encode(nodes.encode(node))))
            assert meant(peer.call("noise_receive", data=sealed)) == meant(asked(node))


@pytest.mark.only("pyaileys", "waeys")
def test_a_server_without_certificates_of_the_root_is_refused(peer: Shim) -> None:
    with pytest.raises(Refused, match="certificate"):
        handshake(peer, server(chain_root=STRANGER))


@pytest.mark.only("baileys", "pywhats")
@pytest.mark.difference("certificates")
def test_a_server_without_certificates_of_the_root_is_met(peer: Shim) -> None:
    handshake(peer, server(chain_root=STRANGER))


@pytest.mark.only(*CLIENTS)
@pytest.mark.difference("certificates")
def test_certificates_of_the_past_are_taken(peer: Shim) -> None:
    handshake(peer, server(until=BEGIN + 1))


@pytest.mark.only(*CLIENTS)
def test_a_server_that_does_not_hold_its_key_is_refused(peer: Shim) -> None:
    begun = peer.call("noise_begin", root=ROOT.public, payload=PAYLOAD)
    frames = FrameReader()
    frames.receive(begun["sent"])
    frames.opening()
    answer, _ = server().answer(taken(frames))
    hello = decode(answer)
    assert isinstance(hello, ServerHello) and hello.static is not None
    wrong = encode(ServerHello(hello.ephemeral, hello.static[:-1] + bytes([hello.static[-1] ^ 1]), hello.payload))
    with pytest.raises(Refused):
        peer.call("noise_finish", hello=wrong, payload=PAYLOAD)


def parts(message: bytes, *lengths: int) -> list[bytes]:
    cut = []
    for length in lengths:
        cut.append(message[:length])
        message = message[length:]
    return [*cut, message]


def both_ways(peer: Shim, connected: Accepted) -> None:
    for text in (b"", b"x" * 1000):
        assert connected.channel.open(peer.call("noise_encrypt", plaintext=text)) == text
        assert peer.call("noise_decrypt", sealed=connected.channel.seal(text)) == text


@pytest.mark.only("signal_python")
@pytest.mark.difference("first-payload")
def test_plain_noise_xx(peer: Shim) -> None:
    static = KeyPair.generate(ENTROPY)
    first = peer.call("noise_xx", static=static.private)
    listening = server()
    answer, _ = listening.answer(encode(ClientHello(first)))
    hello: Any = decode(answer)
    peer.call("noise_read", message=hello.ephemeral + hello.static + hello.payload)
    third = peer.call("noise_write", payload=PAYLOAD)
    connected = listening.finish(encode(ClientFinish(*parts(third, 48))))
    assert (connected.noise, connected.payload) == (static.public, PAYLOAD)
    both_ways(peer, connected)


@pytest.mark.only("signal_python")
def test_plain_noise_ik(peer: Shim) -> None:
    static = KeyPair.generate(ENTROPY)
    first = peer.call("noise_ik", static=static.private, server=SERVER.public, payload=PAYLOAD)
    answer, connected = server().answer(encode(ClientHello(*parts(first, 32, 48))))
    hello: Any = decode(answer)
    assert connected is not None and hello.static is None
    assert (connected.noise, connected.payload) == (static.public, PAYLOAD)
    peer.call("noise_read", message=hello.ephemeral + hello.payload)
    both_ways(peer, connected)


def test_the_prologue() -> None:
    assert PROLOGUE == b"WA\x06\x03"


@pytest.mark.only(*CLIENTS)
@pytest.mark.difference("issuer-serial")
def test_the_number_of_the_root_left_out(peer: Shim) -> None:
    chain = issue_chain(ROOT, INTERMEDIATE, SERVER.public, BEGIN, END, ENTROPY)
    bare = CertificateDetails.decode(chain.intermediate.details).encode().replace(b"\x10\x00", b"", 1)
    signature = xeddsa.sign(ROOT.private, bare, ENTROPY)
    chain = replace(chain, intermediate=Certificate(bare, signature))
    verify(chain.encode(), ROOT.public, SERVER.public, NOW)
    listening = ServerHandshake(SERVER, chain.encode(), ENTROPY)
    if peer.peer.name in ("baileys", "waeys"):
        with pytest.raises(Refused, match="certification match failed"):
            handshake(peer, listening)
    else:
        handshake(peer, listening)
