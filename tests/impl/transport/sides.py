"""A server with its certificates, and a client that has never met it or has."""

from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer, issue_chain
from impl.transport.handshake import Accepted, ClientHandshake, Connected, ServerHandshake
from impl.wire.client_payload import Login, encode

BEGIN, NOW, END = 1626000000, 1626220800, 1627000000
ENTROPY = seeded(b"transport")
ROOT, INTERMEDIATE, SERVER, CLIENT, STRANGER = (KeyPair.generate(ENTROPY) for _ in range(5))
CHAIN = issue_chain(ROOT, INTERMEDIATE, SERVER.public, BEGIN, END, ENTROPY).encode()
KNOWN = TrustedServer(SERVER.public, BEGIN, END)
PAYLOAD = encode(Login(15550001, 3))


def client(known: TrustedServer | None = None) -> ClientHandshake:
    if known is None:
        return ClientHandshake.begin(CLIENT, PAYLOAD, ENTROPY)
    return ClientHandshake.resume(CLIENT, PAYLOAD, ENTROPY, known, NOW)


def server() -> ServerHandshake:
    return ServerHandshake(SERVER, CHAIN, ENTROPY)


def met(known: TrustedServer | None = None) -> tuple[Connected, Accepted]:
    """Both sides of a handshake that nobody disturbs."""
    asking, listening = client(known), server()
    hello, accepted = listening.answer(asking.hello)
    connected = asking.finish(hello, ROOT.public, NOW)
    if connected.reply is not None:
        assert accepted is None
        accepted = listening.finish(connected.reply)
    assert accepted is not None
    return connected, accepted
