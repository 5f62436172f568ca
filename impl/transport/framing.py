"""Frames in a stream of bytes: a length of three bytes, then the payload; before the client's first, its opening.

`socket/framesocket.go` of tulir/whatsmeow; routing as in `WaNoiseSession.ts` of zapo. How the stream is cut into
pieces makes no difference.
"""

from dataclasses import dataclass

from impl.wire.errors import DecodeError
from impl.wire.handshake import MESSAGE_LIMIT

PROLOGUE = b"WA\x06\x03"
"""Version 6 of the protocol, version 3 of the token dictionary; the one part of the opening that Noise hashes."""

LENGTH_SIZE = 3
FRAME_LIMIT = (1 << 24) - 1
ROUTING_LIMIT = 1 << 10

_ROUTING = b"ED\x00\x01"


@dataclass(frozen=True, slots=True)
class Opening:
    """A client's first bytes: where an earlier connection was told to go, if it was, and the prologue."""

    routing: bytes | None = None

    def encode(self) -> bytes:
        """Raises DecodeError for routing that no server would take."""
        if self.routing is None:
            return PROLOGUE
        return _ROUTING + _framed(self.routing, ROUTING_LIMIT, "routing") + PROLOGUE


def frame(payload: bytes) -> bytes:
    """Raises DecodeError for what no reader would take."""
    return _framed(payload, FRAME_LIMIT, "frame")


class FrameReader:
    """What has come and was not read yet; a frame is at most a handshake message until `handshake_done`.

    Whoever meets a DecodeError meets it again: a stream that has lost its boundaries does not find them.
    """

    __slots__ = ("_buffer", "_limit")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._limit = MESSAGE_LIMIT

    def receive(self, data: bytes) -> None:
        """Takes the next piece of the stream. Whatever is whole should be read before the next one is taken."""
        self._buffer += data

    def handshake_done(self) -> None:
        """Frames may be long from now on."""
        self._limit = FRAME_LIMIT

    def opening(self) -> Opening | None:
        """The client's opening, once it is whole; servers read it before the first frame. Raises DecodeError."""
        if not self._begins_with(_ROUTING):
            return Opening() if self._took_prologue(0) else None
        length = self._length(len(_ROUTING), ROUTING_LIMIT, "routing")
        if length is None:
            return None
        begin = len(_ROUTING) + LENGTH_SIZE
        routing = bytes(self._buffer[begin : begin + length])
        return Opening(routing) if self._took_prologue(begin + length) else None

    def frame(self) -> bytes | None:
        """The payload of the next frame, once it is whole. Raises DecodeError as soon as its length is known."""
        length = self._length(0, self._limit, "frame")
        if length is None or len(self._buffer) < LENGTH_SIZE + length:
            return None
        payload = bytes(self._buffer[LENGTH_SIZE : LENGTH_SIZE + length])
        del self._buffer[: LENGTH_SIZE + length]
        return payload

    @property
    def empty(self) -> bool:
        """Whether the stream may end here: no frame is incomplete."""
        return not self._buffer

    def _begins_with(self, expected: bytes) -> bool:
        return self._buffer[: len(expected)] == expected

    def _length(self, at: int, limit: int, where: str) -> int | None:
        if len(self._buffer) < at + LENGTH_SIZE:
            return None
        return _checked(int.from_bytes(self._buffer[at : at + LENGTH_SIZE]), limit, where)

    def _took_prologue(self, at: int) -> bool:
        found = self._buffer[at : at + len(PROLOGUE)]
        if len(found) < len(PROLOGUE):
            return False
        if found != PROLOGUE:
            raise DecodeError("not a prologue that we speak", "opening")
        del self._buffer[: at + len(PROLOGUE)]
        return True


def _framed(payload: bytes, limit: int, where: str) -> bytes:
    return _checked(len(payload), limit, where).to_bytes(LENGTH_SIZE) + payload


def _checked(length: int, limit: int, where: str) -> int:
    if not 0 < length <= limit:
        raise DecodeError(f"{length} bytes, must be 1 to {limit}", where)
    return length
