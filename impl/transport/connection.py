"""A connection, sans-IO: bytes from the link become nodes, nodes become bytes for it. wire.md, sections 5.4 and 6.

One side opens, both shake hands, then each says nodes until it says the stream's end. How the bytes are cut into
pieces makes no difference, not even to what was read before a failure. Times are in seconds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer
from impl.transport.channel import Channel
from impl.transport.errors import ChannelError, ConnectionFailed, HandshakeError
from impl.transport.framing import FrameReader, Opening, frame
from impl.transport.handshake import Accepted, ClientHandshake, ServerHandshake
from impl.wire import client_payload, nodes, payload
from impl.wire.client_payload import ClientPayload, Login
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

STREAM_END = Node("xmlstreamend")


@dataclass(frozen=True, slots=True)
class Opened:
    """A server knows who has connected: the client's Noise key (32 bytes), and what it says of itself.

    Unless it is `proven` this may be somebody who recorded an earlier connection, until the first node is received:
    whoever replays can neither read nor say anything, but must not drive out the real client either.
    """

    noise: bytes
    payload: ClientPayload
    proven: bool


@dataclass(frozen=True, slots=True)
class Connected:
    """A client is through: certificates stand for this server, with which it may `resume` next time."""

    server: TrustedServer


@dataclass(frozen=True, slots=True)
class Received:
    node: Node


@dataclass(frozen=True, slots=True)
class Ended:
    """The other side says no more; whatever still comes is not looked at."""


ServerEvent = Opened | Received | Ended
ClientEvent = Connected | Received | Ended

E = TypeVar("E")


class _Connection(ABC, Generic[E]):
    """What both sides do. `_over` says that nothing more is read, after a failure or the end."""

    def __init__(self) -> None:
        self._frames = FrameReader()
        self._out = bytearray()
        self._channel: Channel | None = None
        self._over = False

    def receive(self, data: bytes) -> Iterator[E | Received | Ended]:
        """Takes a piece of the stream; gives what it completes, one by one. ConnectionFailed where it goes wrong."""
        if not self._over:
            self._frames.receive(data)
        return self._events()

    def send(self, node: Node) -> None:
        """ConnectionFailed "order" before the handshake is done, "size" (which ends nothing), "closed", "counter"."""
        if self._channel is None:
            raise ConnectionFailed("order", "the handshake is not done")
        with _failing():
            self._out += frame(self._channel.seal(self._pack(nodes.encode(node))))

    def end(self) -> None:
        """Says that nothing more will be said. ConnectionFailed as `send`."""
        self.send(STREAM_END)

    def take(self) -> bytes:
        """What is to be written to the link, whole frames."""
        data = bytes(self._out)
        self._out.clear()
        return data

    @abstractmethod
    def _pack(self, node: bytes) -> bytes:
        """The payload of a frame."""

    @abstractmethod
    def _opening_done(self) -> bool:
        """Whether frames come next."""

    @abstractmethod
    def _shake(self, message: bytes) -> E | None:
        """Takes a message of the handshake; an event if it was the last one."""

    def _events(self) -> Iterator[E | Received | Ended]:
        while not self._over:
            try:
                with _failing():
                    event, more = self._next()
            except ConnectionFailed:
                self._over = True
                raise
            if event is not None:
                yield event
            if not more:
                return

    def _next(self) -> tuple[E | Received | Ended | None, bool]:
        """What the next frame says, if anything; and whether there was one."""
        message = self._frames.frame() if self._opening_done() else None
        if message is None:
            return None, False
        if self._channel is None:
            return self._shake(message), True
        node = nodes.decode(payload.decode(self._channel.open(message)))
        if node.tag != STREAM_END.tag:
            return Received(node), True
        self._over = True
        return Ended(), False

    def _use(self, channel: Channel) -> None:
        self._channel = channel
        self._frames.handshake_done()


class ServerConnection(_Connection[Opened]):
    """One client, as its server hears it; `chain` is the encoded chain that certifies the Noise key `static`."""

    def __init__(self, static: KeyPair, chain: bytes, entropy: Entropy) -> None:
        super().__init__()
        self._handshake = ServerHandshake(static, chain, entropy)
        self._opening: Opening | None = None
        self._answered = False

    def _pack(self, node: bytes) -> bytes:
        return payload.encode_for_client(node)

    def _opening_done(self) -> bool:
        self._opening = self._opening or self._frames.opening()
        return self._opening is not None

    def _shake(self, message: bytes) -> Opened | None:
        if self._answered:
            return self._accept(self._handshake.finish(message), proven=True)
        reply, accepted = self._handshake.answer(message)
        opened = None if accepted is None else self._accept(accepted, proven=False)
        self._out += frame(reply)
        self._answered = True
        return opened

    def _accept(self, accepted: Accepted, *, proven: bool) -> Opened:
        said = client_payload.decode(accepted.payload)
        self._use(accepted.channel)
        return Opened(accepted.noise, said, proven)


class ClientConnection(_Connection[Connected]):
    """One server, as its client hears it."""

    def __init__(self, handshake: ClientHandshake, root: bytes, now: int, opening: Opening) -> None:
        """Use `open`."""
        super().__init__()
        self._handshake, self._root, self._now = handshake, root, now
        self._out += opening.encode() + frame(handshake.hello)

    @classmethod
    def open(
        cls,
        static: KeyPair,
        said: ClientPayload,
        entropy: Entropy,
        root: bytes,
        now: int,
        known: TrustedServer | None = None,
        routing: bytes | None = None,
    ) -> Self:
        """Towards a server under the certificate `root` (32 bytes); with one that is `known`, a login resumes.

        A registration never does, nor anybody once the server's certificates are out of date; a server that has other
        keys by now is met anew on the way (XXfallback). ConnectionFailed "decode" if a payload or `routing` is too
        long, "key" for a known key that agrees on nothing.
        """
        with _failing():
            message, opening = client_payload.encode(said), Opening(routing)
            if known is not None and known.valid_at(now) and isinstance(said, Login):
                handshake = ClientHandshake.resume(static, message, entropy, known, now)
            else:
                handshake = ClientHandshake.begin(static, message, entropy)
            return cls(handshake, root, now, opening)

    def _pack(self, node: bytes) -> bytes:
        return payload.encode(node)

    def _opening_done(self) -> bool:
        return True

    def _shake(self, message: bytes) -> Connected:
        connected = self._handshake.finish(message, self._root, self._now)
        if connected.reply is not None:
            self._out += frame(connected.reply)
        self._use(connected.channel)
        return Connected(connected.server)


@contextmanager
def _failing() -> Iterator[None]:
    """Every refusal on the way is the end of the connection, under the name of its check."""
    try:
        yield
    except (HandshakeError, ChannelError) as error:
        raise ConnectionFailed(error.check, str(error)) from error
    except DecodeError as error:
        raise ConnectionFailed("decode", str(error)) from error
