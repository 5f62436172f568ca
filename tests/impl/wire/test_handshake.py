"""Handshake messages: sizes exact, one body, both sides of each limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.handshake import ClientFinish, ClientHello, HandshakeMessage, ServerHello, decode, encode
from impl.wire.pb import handshake_pb2 as pb

KEY = st.binary(min_size=32, max_size=32)
SEALED_KEY = st.binary(min_size=48, max_size=48)
PAYLOAD = st.binary(min_size=16, max_size=2048)
MESSAGES = (
    st.builds(ClientHello, KEY)
    | st.builds(ClientHello, KEY, SEALED_KEY, PAYLOAD)
    | st.builds(ServerHello, KEY, st.none() | SEALED_KEY, PAYLOAD)
    | st.builds(ClientFinish, SEALED_KEY, PAYLOAD)
)

Body = dict[str, bytes]
E, S, P = bytes(32), bytes(48), bytes(16)


def message(**bodies: Body) -> bytes:
    return pb.HandshakeMessage(**bodies).SerializeToString()


@given(MESSAGES)
def test_decoding_undoes_encoding(value: HandshakeMessage) -> None:
    assert decode(encode(value)) == value


def test_the_bytes_on_the_wire() -> None:
    assert encode(ClientHello(E)).hex() == "1222" + "0a20" + E.hex()
    assert encode(ServerHello(E, S, P)).hex() == "1a66" + "0a20" + E.hex() + "1230" + S.hex() + "1a10" + P.hex()
    assert encode(ClientFinish(S, P)).hex() == "2244" + "0a30" + S.hex() + "1210" + P.hex()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "0 bodies"),
        (message(clientHello={"ephemeral": E}, clientFinish={"static": S, "payload": P}), "2 bodies"),
        (message(clientHello={}), "ClientHello.ephemeral: absent"),
        (message(clientHello={"ephemeral": E, "static": S}), "ClientHello.payload: absent"),
        (message(clientHello={"ephemeral": E, "payload": P}), "ClientHello.static: absent"),
        (message(serverHello={"static": S, "payload": P}), "ServerHello.ephemeral: absent"),
        (message(serverHello={"ephemeral": E, "static": S}), "ServerHello.payload: absent"),
        (message(clientFinish={"payload": P}), "ClientFinish.static: absent"),
        (message(clientFinish={"static": S}), "ClientFinish.payload: absent"),
        (b"\xff", "not a protobuf message"),
    ],
)
def test_what_is_missing_or_too_much(data: bytes, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode(data)


@pytest.mark.parametrize("change", [-1, 1])
def test_keys_have_exact_sizes(change: int) -> None:
    for body in (
        {"clientHello": {"ephemeral": bytes(32 + change)}},
        {"clientHello": {"ephemeral": E, "static": bytes(48 + change), "payload": P}},
        {"serverHello": {"ephemeral": bytes(32 + change), "payload": P}},
        {"serverHello": {"ephemeral": E, "static": bytes(48 + change), "payload": P}},
        {"clientFinish": {"static": bytes(48 + change), "payload": P}},
    ):
        with pytest.raises(DecodeError, match=rf"{32 + change}|{48 + change} bytes, must be"):
            decode(message(**body))


def test_a_payload_has_16_to_2048_bytes_on_both_ways() -> None:
    for length in (16, 2048):
        assert decode(encode(ClientFinish(S, bytes(length)))) == ClientFinish(S, bytes(length))
    for length in (15, 2049):
        with pytest.raises(DecodeError, match="must be 16 to 2048"):
            decode(message(clientFinish={"static": S, "payload": bytes(length)}))
        with pytest.raises(DecodeError, match="must be 16 to 2048"):
            encode(ClientHello(E, S, bytes(length)))


def test_a_message_has_4096_bytes_at_most_with_what_is_unknown() -> None:
    known = encode(ClientHello(E))
    unknown = 4096 - len(known) - 4
    padded = known + b"\xfa\x01" + bytes([unknown & 0x7F | 0x80, unknown >> 7]) + bytes(unknown)
    assert len(padded) == 4096
    assert decode(padded) == ClientHello(E)
    with pytest.raises(DecodeError, match="4097 bytes"):
        decode(padded + b"\0")
