"""What the processes of the demonstration tell the one that started them, and what it asks of them: JSON lines."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from msgspec import Struct

from impl.demo.faults import Faults

LONGEST_LINE = 1 << 16


class ServerSetup(Struct, frozen=True):
    """Port 0 is any that is free; a transcript can be written where stanzas are spoken."""

    store: str
    port: int
    faults: Faults
    seed: str
    transcript: str | None = None


class DeviceSetup(Struct, frozen=True):
    """`user` is the account of a phone, None for a companion."""

    name: str
    user: str | None
    store: str
    port: int
    faults: Faults
    seed: str


class ShowQr(Struct, frozen=True, tag=True):
    """A wish: a companion's QR."""


class Scan(Struct, frozen=True, tag=True):
    """A wish: the phone sees this QR."""

    text: str


class Say(Struct, frozen=True, tag=True):
    """A wish: to have said so many messages in all, the rest of them in this chat."""

    chat: str
    count: int


class Cut(Struct, frozen=True, tag=True):
    """A wish of a moment: the connection is cut, whatever is under way."""


Wish = ShowQr | Scan | Say | Cut
"""All but cuts are uttered again to a process that was killed: what was done is in its store, and not done twice."""


class Serving(Struct, frozen=True, tag=True):
    port: int


class Mailboxes(Struct, frozen=True, tag=True):
    """How many entries wait for each client, by its address."""

    waiting: dict[str, int]


class Qr(Struct, frozen=True, tag=True):
    text: str


class Scanned(Struct, frozen=True, tag=True):
    text: str


class State(Struct, frozen=True, tag=True):
    """One device now; what happened, it counts from the start of its process."""

    address: str | None
    online: bool
    said: int
    held: int
    outbox: int
    companions: int = 0
    connections: int = 0
    repeats: int = 0
    duplicates: int = 0
    refused: int = 0


class Trouble(Struct, frozen=True, tag=True):
    """Something that should not happen."""

    what: str


Report = Serving | Mailboxes | Qr | Scanned | State | Trouble

encode = msgspec.json.Encoder().encode
report = msgspec.json.Decoder(Report).decode
wish = msgspec.json.Decoder(Wish).decode


def say(message: Struct) -> None:
    """To whoever started this process."""
    sys.stdout.buffer.write(encode(message) + b"\n")
    sys.stdout.buffer.flush()


async def wishes() -> AsyncIterator[Wish]:
    """Until whoever started this process closes the pipe, or is no more."""
    reader = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield wish(line)


def store_path(folder: Path, name: str) -> Path:
    """Where the store of a process lies."""
    return folder / f"{name}.store"
