"""What anybody on the path to the server can say before there are keys, and what clients and servers say sealed.

And how a phone registers, before it has anything to seal with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fuzz.targets.spelling import as_it_is, spelled
from fuzz.targets.target import Target
from impl.transport.framing import FrameReader, Opening, frame
from impl.wire import client_payload, handshake, phone_registration
from impl.wire.certificates import CertificateChain, CertificateDetails
from impl.wire.errors import DecodeError


class Differs(Exception):
    """A stream that came whole and the same stream byte by byte are read differently."""


@dataclass(frozen=True)
class Stream:
    """What a client has sent: its opening and whole frames."""

    opening: Opening
    frames: tuple[bytes, ...]


def read(data: bytes) -> Stream:
    """Raises DecodeError, and Differs."""
    whole, in_pieces = _outcome([data]), _outcome(bytes([byte]) for byte in data)
    if whole != in_pieces:
        raise Differs(f"{whole!r} whole, {in_pieces!r} byte by byte")
    if isinstance(whole, str):
        raise DecodeError(whole, "stream")
    return whole


def write(stream: Stream) -> bytes:
    return stream.opening.encode() + b"".join(map(frame, stream.frames))


def _outcome(pieces: Iterable[bytes]) -> Stream | str:
    """What is read, or why it is refused."""
    reader, opening, frames = FrameReader(), None, []
    try:
        for piece in pieces:
            reader.receive(piece)
            opening = opening or reader.opening()
            while opening is not None and (payload := reader.frame()) is not None:
                frames.append(payload)
    except DecodeError as error:
        return error.what
    return Stream(opening, tuple(frames)) if opening is not None and reader.empty else "cut short"


TARGETS = (
    Target("transport-stream", read, write, "transport", 5000, spelling=as_it_is),
    Target("handshake-message", handshake.decode, handshake.encode, "transport", 5000),
    Target("certificate-chain", CertificateChain.decode, CertificateChain.encode, "transport", 1000),
    Target(
        "certificate-details",
        CertificateDetails.decode,
        CertificateDetails.encode,
        "transport",
        300,
        spelling=spelled("1000"),
    ),
    Target("client-payload", client_payload.decode, client_payload.encode, "transport", 1000),
    Target("phone-registration", phone_registration.decode, phone_registration.encode, "registration", 1000),
)
