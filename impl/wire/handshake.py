"""The three messages of the Noise handshake: what anybody on the path can make a client or a server decode.

Format: `HandshakeMessage` in `WAWebProtobufsWa6.proto` of tulir/whatsmeow, without the fields of its post-quantum
variants, which are dropped as every client drops them.
"""

from dataclasses import dataclass

from impl.crypto.gcm import TAG_SIZE
from impl.crypto.keys import KEY_SIZE
from impl.wire.errors import DecodeError
from impl.wire.pb import handshake_pb2 as pb
from impl.wire.proto import parse, present, sized, sized_if_any

MESSAGE_LIMIT = 4 << 10
PAYLOAD_LIMIT = 2 << 10
"""Bytes of a sealed payload."""

PLAINTEXT_LIMIT = PAYLOAD_LIMIT - TAG_SIZE
SEALED_KEY_SIZE = KEY_SIZE + TAG_SIZE


@dataclass(frozen=True, slots=True)
class ClientHello:
    """An ephemeral key (32 bytes); with IK also the client's key (sealed, 48 bytes) and what it says of itself."""

    ephemeral: bytes
    static: bytes | None = None
    payload: bytes | None = None


@dataclass(frozen=True, slots=True)
class ServerHello:
    """An ephemeral key (32 bytes), the server's key (sealed, 48 bytes) unless it answers IK, its certificates."""

    ephemeral: bytes
    static: bytes | None
    payload: bytes


@dataclass(frozen=True, slots=True)
class ClientFinish:
    """The client's key (sealed, 48 bytes), and what it says of itself."""

    static: bytes
    payload: bytes


HandshakeMessage = ClientHello | ServerHello | ClientFinish


def encode(message: HandshakeMessage) -> bytes:
    """Raises DecodeError for a payload that no reader would take."""
    if message.payload is not None:
        _check_payload(message.payload, type(message).__name__)
    match message:
        case ClientHello(ephemeral, static, payload):
            hello = pb.HandshakeMessage.ClientHello(ephemeral=ephemeral, static=static, payload=payload)
            body = pb.HandshakeMessage(clientHello=hello)
        case ServerHello(ephemeral, static, payload):
            answer = pb.HandshakeMessage.ServerHello(ephemeral=ephemeral, static=static, payload=payload)
            body = pb.HandshakeMessage(serverHello=answer)
        case ClientFinish(static, payload):
            body = pb.HandshakeMessage(clientFinish=pb.HandshakeMessage.ClientFinish(static=static, payload=payload))
    return body.SerializeToString(deterministic=True)


def decode(data: bytes) -> HandshakeMessage:
    """Raises DecodeError."""
    message = parse(pb.HandshakeMessage, data, MESSAGE_LIMIT)
    match [field.name for field, _ in message.ListFields()]:
        case ["clientHello"]:
            return _client_hello(message.clientHello)
        case ["serverHello"]:
            answer = message.serverHello
            static = sized_if_any(answer, "static", SEALED_KEY_SIZE)
            return ServerHello(sized(answer, "ephemeral", KEY_SIZE), static, _payload(answer))
        case ["clientFinish"]:
            finish = message.clientFinish
            return ClientFinish(sized(finish, "static", SEALED_KEY_SIZE), _payload(finish))
        case bodies:
            raise DecodeError(f"{len(bodies)} bodies, must be 1", "HandshakeMessage")


def _client_hello(hello: pb.HandshakeMessage.ClientHello) -> ClientHello:
    ephemeral = sized(hello, "ephemeral", KEY_SIZE)
    if not (hello.HasField("static") or hello.HasField("payload")):
        return ClientHello(ephemeral)
    return ClientHello(ephemeral, sized(hello, "static", SEALED_KEY_SIZE), _payload(hello))


_WithPayload = pb.HandshakeMessage.ClientHello | pb.HandshakeMessage.ServerHello | pb.HandshakeMessage.ClientFinish


def _payload(body: _WithPayload) -> bytes:
    present(body, "payload")
    _check_payload(body.payload, body.DESCRIPTOR.name)
    return body.payload


def _check_payload(payload: bytes, where: str) -> None:
    if not TAG_SIZE <= len(payload) <= PAYLOAD_LIMIT:
        raise DecodeError(f"{len(payload)} bytes, must be {TAG_SIZE} to {PAYLOAD_LIMIT}", f"{where}.payload")
