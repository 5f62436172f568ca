"""The server as a process for clients that speak stanzas: everything on one port, with a store that outlives it."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import msgspec

from impl.demo import reports
from impl.demo.living import now
from impl.demo.reports import ServerSetup, Serving
from impl.demo.script import NAMES
from impl.demo.server import served, tell
from impl.dialogue import Client
from impl.net.limits import Limits
from impl.serve.host import Host
from impl.serve.transcript import Direction, Said, Transcript
from impl.server import Server
from impl.store import SqliteStore
from impl.wire.nodes import Node

UNHURRIED = Limits(rate=1e6, burst=1_000_000)
"""Nobody is sent away for being fast: all of them are."""


def name_of(client: Client) -> str:
    """As people read it: `alice:1`, or a part of the Noise key of a companion that belongs to nobody."""
    if isinstance(client, bytes):
        return f"new {client.hex()[:8]}"
    return f"{NAMES.get(client.user, client.user)}:{client.device}"


async def serve(setup: ServerSetup) -> None:
    """Until the standard input ends."""
    transcript = None if setup.transcript is None else Transcript.resumed(Path(setup.transcript))

    def saw(client: Client, direction: Direction, node: Node) -> None:
        if transcript is not None:
            transcript.add(Said(time.time(), name_of(client), direction, node))

    host = Host(Server(SqliteStore(Path(setup.store), synced=False)), now, saw, limits=UNHURRIED)
    await host.start(setup.port)
    reports.say(Serving(host.port))
    telling = asyncio.create_task(tell(host.server))
    await served()
    telling.cancel()
    await host.stop()


if __name__ == "__main__":
    asyncio.run(serve(msgspec.json.decode(sys.argv[1], type=ServerSetup)))
