"""Both sides of XX, IK and XXfallback, and all that ends a handshake."""

from dataclasses import replace

import pytest

from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer, issue_chain
from impl.transport.errors import ChannelError, HandshakeCheck, HandshakeError
from impl.transport.handshake import ClientHandshake, ServerHandshake, Stage
from impl.wire.errors import DecodeError
from impl.wire.handshake import PLAINTEXT_LIMIT, ClientFinish, ClientHello, ServerHello, decode, encode
from tests.impl.transport.sides import (
    BEGIN,
    CHAIN,
    CLIENT,
    END,
    ENTROPY,
    INTERMEDIATE,
    KNOWN,
    NOW,
    PAYLOAD,
    ROOT,
    SERVER,
    STRANGER,
    client,
    met,
    server,
)

FORMER = TrustedServer(STRANGER.public, BEGIN, END)
"""What a client remembers of a server that has another key now."""

EACH = pytest.mark.parametrize("known", [None, KNOWN, FORMER], ids=["XX", "IK", "XXfallback"])
LOW_ORDER = bytes(32)


def bent(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def refuses(check: HandshakeCheck, handshake: ClientHandshake | ServerHandshake, data: bytes) -> None:
    """The step ends in this refusal, and no message whatever is taken afterwards."""
    for expected in (check, "order"):
        with pytest.raises(HandshakeError) as refusal:
            take(handshake, data)
        assert refusal.value.check == expected
        assert handshake.stage is Stage.FAILED


def take(handshake: ClientHandshake | ServerHandshake, data: bytes) -> object:
    if isinstance(handshake, ClientHandshake):
        return handshake.finish(data, ROOT.public, NOW)
    return handshake.finish(data) if handshake.stage is Stage.SERVER_ANSWERED else handshake.answer(data)


def server_hello(asking: ClientHandshake) -> ServerHello:
    hello = decode(server().answer(asking.hello)[0])
    assert isinstance(hello, ServerHello)
    return hello


@EACH
def test_both_sides_meet(known: TrustedServer | None) -> None:
    connected, accepted = met(known)
    assert connected.server == KNOWN
    assert (accepted.noise, accepted.payload) == (CLIENT.public, PAYLOAD)
    assert accepted.channel.open(connected.channel.seal(b"there")) == b"there"
    assert connected.channel.open(accepted.channel.seal(b"back")) == b"back"
    assert (connected.reply is None) == (known is KNOWN)


@EACH
def test_no_message_is_taken_twice(known: TrustedServer | None) -> None:
    asking, listening = client(known), server()
    hello, _ = listening.answer(asking.hello)
    reply = asking.finish(hello, ROOT.public, NOW).reply
    refuses("order", asking, hello)
    if reply is not None:
        listening.finish(reply)
    refuses("order", listening, asking.hello)


def test_nobody_sees_who_the_client_is_before_the_server_has_proved_itself() -> None:
    asking = client()
    hello = decode(asking.hello)
    assert isinstance(hello, ClientHello)
    assert (hello.static, hello.payload) == (None, None)
    chain = issue_chain(STRANGER, INTERMEDIATE, SERVER.public, BEGIN, END, ENTROPY).encode()
    answer, _ = ServerHandshake(SERVER, chain, ENTROPY).answer(asking.hello)
    refuses("intermediate_signature", asking, answer)


def test_a_server_with_somebody_elses_certificates_is_refused() -> None:
    asking = client()
    hello, _ = ServerHandshake(STRANGER, CHAIN, ENTROPY).answer(asking.hello)
    refuses("leaf_key", asking, hello)


def test_a_server_that_falls_back_needs_certificates_too() -> None:
    asking = client(KNOWN)
    hello, _ = ServerHandshake(STRANGER, CHAIN, ENTROPY).answer(asking.hello)
    refuses("leaf_key", asking, hello)


@EACH
def test_an_altered_answer_is_refused(known: TrustedServer | None) -> None:
    for change in ("payload", "ephemeral", "static"):
        asking = client(known)
        hello = server_hello(asking)
        if (value := getattr(hello, change)) is not None:
            refuses("tag", asking, encode(replace(hello, **{change: bent(value)})))


@EACH
def test_an_answer_to_another_client_is_refused(known: TrustedServer | None) -> None:
    refuses("tag", client(known), encode(server_hello(client(known))))


@pytest.mark.parametrize("change", ["static", "payload"])
def test_an_altered_finish_is_refused(change: str) -> None:
    asking, listening = client(), server()
    hello, _ = listening.answer(asking.hello)
    finish = decode(asking.finish(hello, ROOT.public, NOW).reply or b"")
    refuses("tag", listening, encode(replace(finish, **{change: bent(getattr(finish, change))})))


@pytest.mark.parametrize("change", ["static", "payload"])
def test_an_altered_resumption_falls_back_and_is_found_out(change: str) -> None:
    """Both sides have hashed the same ephemeral key only, so that nothing altered is relied on."""
    asking, listening = client(KNOWN), server()
    hello = decode(asking.hello)
    reply, accepted = listening.answer(encode(replace(hello, **{change: bent(getattr(hello, change))})))
    assert accepted is None
    connected = asking.finish(reply, ROOT.public, NOW)
    assert listening.finish(connected.reply or b"").payload == PAYLOAD


def test_keys_that_agree_on_nothing_are_refused() -> None:
    refuses("key", server(), encode(ClientHello(LOW_ORDER)))
    refuses("key", server(), encode(ClientHello(LOW_ORDER, bytes(48), bytes(16))))
    asking = client()
    refuses("key", asking, encode(replace(server_hello(asking), ephemeral=LOW_ORDER)))
    with pytest.raises(HandshakeError, match="key"):
        client(TrustedServer(LOW_ORDER, BEGIN, END))


@pytest.mark.parametrize(
    "message",
    [ClientHello(bytes(32)), ClientFinish(bytes(48), bytes(16)), ServerHello(bytes(32), None, bytes(16))],
    ids=["hello", "finish", "answer to IK"],
)
def test_what_is_not_due_ends_the_clients_handshake(message: ClientHello | ClientFinish | ServerHello) -> None:
    refuses("order", client(), encode(message))


def test_what_is_not_due_ends_the_servers_handshake() -> None:
    finish = encode(ClientFinish(bytes(48), bytes(16)))
    refuses("order", server(), finish)
    listening = server()
    listening.answer(client().hello)
    refuses("order", listening, client().hello)
    with pytest.raises(HandshakeError, match="order"):
        server().finish(finish)


@EACH
def test_bytes_that_are_no_message_end_it(known: TrustedServer | None) -> None:
    asking = client(known)
    answer = encode(server_hello(asking))
    with pytest.raises(DecodeError):
        asking.finish(b"\xff", ROOT.public, NOW)
    refuses("order", asking, answer)


def test_a_server_is_known_as_long_as_its_certificates_last() -> None:
    for now in (BEGIN, END):
        ClientHandshake.resume(CLIENT, PAYLOAD, ENTROPY, KNOWN, now)
    for now in (BEGIN - 1, END + 1):
        with pytest.raises(HandshakeError, match="trust"):
            ClientHandshake.resume(CLIENT, PAYLOAD, ENTROPY, KNOWN, now)


@EACH
def test_the_longest_payload_is_taken_and_a_longer_one_is_not_sent(known: TrustedServer | None) -> None:
    def meet(payload: bytes) -> None:
        if known is None:
            asking = ClientHandshake.begin(CLIENT, payload, ENTROPY)
        else:
            asking = ClientHandshake.resume(CLIENT, payload, ENTROPY, known, NOW)
        asking.finish(server().answer(asking.hello)[0], ROOT.public, NOW)

    meet(bytes(PLAINTEXT_LIMIT))
    with pytest.raises(DecodeError, match="2049 bytes"):
        meet(bytes(PLAINTEXT_LIMIT + 1))


def test_a_recorded_resumption_gives_nobody_a_channel() -> None:
    """The server cannot tell a replay, but whoever replays cannot say anything, and each has keys of its own."""
    asking = client(KNOWN)
    listening, again = server(), server()
    hello, _ = listening.answer(asking.hello)
    _, replayed = again.answer(asking.hello)
    assert replayed is not None
    channel = asking.finish(hello, ROOT.public, NOW).channel
    with pytest.raises(ChannelError, match="tag"):
        replayed.channel.open(channel.seal(b"recorded too"))


def test_a_client_without_its_private_key_is_not_accepted() -> None:
    pretended = KeyPair(STRANGER.private, CLIENT.public)
    asking, listening = ClientHandshake.begin(pretended, PAYLOAD, ENTROPY), server()
    hello, _ = listening.answer(asking.hello)
    refuses("tag", listening, asking.finish(hello, ROOT.public, NOW).reply or b"")


def test_a_client_key_that_agrees_on_nothing_is_no_reason_to_fall_back() -> None:
    pretended = KeyPair(CLIENT.private, LOW_ORDER)
    refuses("key", server(), ClientHandshake.resume(pretended, PAYLOAD, ENTROPY, KNOWN, NOW).hello)
