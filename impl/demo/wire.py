"""Frames between a client's process and the server's: a length of four bytes, then msgpack.

What they carry is that of `impl.dialogue`. One batch of requests is under way at a time, and one batch of mailbox
entries: whoever gets no answer says the same again, under the same number.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any, TypeVar, Union, get_args

import msgspec
from msgspec import Raw, Struct

from impl.dialogue import Client, Entry, Request
from impl.wire.errors import DecodeError

HEADER = 4
LIMIT = 1 << 24
"""Bytes of a frame: a history blob fits, and nobody makes us hold more than this."""

D = TypeVar("D")


class Hello(Struct, frozen=True, tag=True):
    """Says who is connected; the first frame of every connection."""

    client: Client


class Asks(Struct, frozen=True, tag=True):
    """Encoded requests; `batch` rises by one as soon as the former was answered."""

    batch: int
    requests: tuple[Raw, ...]


class Answered(Struct, frozen=True, tag=True):
    """The encoded answer to one request."""

    value: Raw


class Refusal(Struct, frozen=True, tag=True):
    """One request was declined."""

    code: int
    why: str


Outcome = Answered | Refusal


class Answers(Struct, frozen=True, tag=True):
    """What became of each request of a batch."""

    batch: int
    outcomes: tuple[Outcome, ...]


class Push(Struct, frozen=True, tag=True):
    """Entries of the mailbox; the next ones come under the next number once all these were acknowledged."""

    batch: int
    entries: tuple[Entry, ...]


class End(Struct, frozen=True, tag=True):
    """The server closes the connection."""

    why: str


FromClient = Hello | Asks
FromServer = Answers | Push | End

encode = msgspec.msgpack.Encoder().encode
_from_client: msgspec.msgpack.Decoder[FromClient] = msgspec.msgpack.Decoder(FromClient)
_from_server: msgspec.msgpack.Decoder[FromServer] = msgspec.msgpack.Decoder(FromServer)
_request: msgspec.msgpack.Decoder[Request[Any]] = msgspec.msgpack.Decoder(Union[tuple(Request.__subclasses__())])  # noqa: UP007


def framed(message: Struct) -> bytes:
    """Raises DecodeError for what no reader would take."""
    content = encode(message)
    return checked_length(len(content)).to_bytes(HEADER) + content


async def read(reader: asyncio.StreamReader) -> bytes:
    """The content of the next frame. Raises DecodeError, and EOFError at the end of the connection."""
    length = checked_length(int.from_bytes(await reader.readexactly(HEADER)))
    return await reader.readexactly(length)


def checked_length(length: int) -> int:
    if not 0 < length <= LIMIT:
        raise DecodeError(f"a frame of {length} bytes; 1 to {LIMIT} are allowed", "frame")
    return length


def from_client(content: bytes) -> FromClient:
    """Raises DecodeError."""
    return _decoded(_from_client, content)


def from_server(content: bytes) -> FromServer:
    """Raises DecodeError."""
    return _decoded(_from_server, content)


def request(content: bytes | Raw) -> Request[Any]:
    """One request of a batch. Raises DecodeError."""
    return _decoded(_request, content)


def answer(to: Request[Any], content: bytes | Raw) -> Any:
    """The answer to this request. Raises DecodeError."""
    return _decoded(_answer_decoder(type(to)), content)


@cache
def _answer_decoder(kind: type[Request[Any]]) -> msgspec.msgpack.Decoder[Any]:
    """Requests say what they are answered with in their base: `Request[Done]`."""
    (base,) = kind.__orig_bases__  # type: ignore[attr-defined]
    return msgspec.msgpack.Decoder(get_args(base)[0])


def _decoded(decoder: msgspec.msgpack.Decoder[D], content: bytes | Raw) -> D:
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DecodeError(str(error), "frame") from error
