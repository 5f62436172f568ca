"""A server's connection, fed with whatever comes: whole and byte by byte it hears the same, up to the same failure.

Server and client have fixed keys and draw the same randomness each time, so that what a client once said is accepted
again. The envelope opens the frames and seals the last one anew, for a client may say anything once it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from fuzz.targets.target import Target
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer, issue_chain
from impl.transport.channel import Channel
from impl.transport.connection import STREAM_END, Opened, Received, ServerConnection, ServerEvent
from impl.transport.errors import ChannelError, ConnectionFailed
from impl.transport.framing import FrameReader, Opening, frame
from impl.transport.handshake import ClientHandshake, ServerHandshake
from impl.wire import client_payload, nodes, payload
from impl.wire.client_payload import Login
from impl.wire.errors import DecodeError

NOW = 1626220800
_ENTROPY = seeded(b"connection")
_ROOT, _INTERMEDIATE, _SERVER, _CLIENT = (KeyPair.generate(_ENTROPY) for _ in range(4))
_CHAIN = issue_chain(_ROOT, _INTERMEDIATE, _SERVER.public, NOW, NOW, _ENTROPY).encode()
_LOGIN = client_payload.encode(Login(15550001, 3))

KNOWN = TrustedServer(_SERVER.public, NOW, NOW)
FORMER = TrustedServer(_CLIENT.public, NOW, NOW)
"""What a client may remember of the server: its key, or another one from before."""

Heard = tuple[ServerEvent, ...]


class Differs(Exception):
    """A connection hears a stream differently if it comes in pieces."""


def say(payloads: Iterable[bytes], known: TrustedServer | None = None, routing: bytes | None = None) -> bytes:
    """The stream of a client that gets through and says this."""
    opened, channel, _ = _meet(known)
    return Opening(routing).encode() + opened + b"".join(frame(channel.seal(each)) for each in payloads)


def read(data: bytes) -> Heard:
    """Raises DecodeError, and Differs."""
    whole, in_pieces = _outcome([data]), _outcome(bytes([byte]) for byte in data)
    if whole != in_pieces:
        raise Differs(f"{whole!r} whole, {in_pieces!r} byte by byte")
    heard, _, check = whole
    if check is not None or not heard:
        raise DecodeError(check or "cut short", "connection")
    return heard


def write(heard: Heard) -> bytes:
    opened, *rest = heard
    said = [event.node if isinstance(event, Received) else STREAM_END for event in rest]
    known = None if isinstance(opened, Opened) and opened.proven else KNOWN
    return say([payload.encode(nodes.encode(node)) for node in said], known)


def _outcome(pieces: Iterable[bytes]) -> tuple[Heard, bytes, str | None]:
    """What the server hears, what it answers, and the check that ended it."""
    connection = ServerConnection(_SERVER, _CHAIN, seeded(b"server"))
    heard: list[ServerEvent] = []
    check = None
    try:
        for piece in pieces:
            for event in connection.receive(piece):
                heard.append(event)  # one by one, for a failure must not lose what came before
    except ConnectionFailed as failure:
        check = failure.check
    return tuple(heard), connection.take(), check


def _meet(known: TrustedServer | None) -> tuple[bytes, Channel, Channel]:
    """What a client says until it is in; its channel, and the server's."""
    entropy = seeded(b"client")
    if known is None:
        client = ClientHandshake.begin(_CLIENT, _LOGIN, entropy)
    else:
        client = ClientHandshake.resume(_CLIENT, _LOGIN, entropy, known, NOW)
    server = ServerHandshake(_SERVER, _CHAIN, seeded(b"server"))
    answer, accepted = server.answer(client.hello)
    connected = client.finish(answer, _ROOT.public, NOW)
    said = frame(client.hello)
    if connected.reply is not None:
        accepted = server.finish(connected.reply)
        said += frame(connected.reply)
    assert accepted is not None
    return said, connected.channel, accepted.channel


def _sealed(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The payload of the last frame; nothing, where what comes before is not what `say` says."""
    known = KNOWN if data.startswith(say((), KNOWN)) else None
    begin = say((), known)
    earlier = _payloads(data[len(begin) :], _meet(known)[2]) if data.startswith(begin) else []
    last = earlier.pop() if earlier else b""
    return last, lambda inner: say([*earlier, inner], known)


def _payloads(data: bytes, channel: Channel) -> list[bytes]:
    """Of all frames that open."""
    frames, payloads = FrameReader(), []
    frames.handshake_done()
    frames.receive(data)
    with suppress(DecodeError, ChannelError):
        while (sealed := frames.frame()) is not None:
            payloads.append(channel.open(sealed))
    return payloads


def _memory(_: int) -> int:
    """Frames may be many, and each may inflate; what one costs is a matter of the targets for payload and node."""
    return 256 << 20


TARGETS = (Target("connection", read, write, "connection", 3000, _sealed, memory=_memory),)
