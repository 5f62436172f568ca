"""What a crowd costs: connections at one server, messages a second between them, memory of each side.

So many phones, in two processes, are connected over WebSocket and Noise to a third one, whose server keeps everything
in a file; each writes to its partner in the other process, one message after the other. Beside it, the same messages
by `LocalNetwork`: the same server and the same devices in one process, with no stanzas, no Noise and no sockets.

Where the time goes (cProfile): a message is nine stanzas, with those that confirm and the receipt. Of the server, a
quarter is decisions and the store, with a transaction a question; a quarter opening frames and reading nodes, an eighth
writing and sealing them; the rest is sessions, WebSockets and the event loop. Of the clients, half is what devices do
without a wire, too. Whoever runs other programs beside it should look at the time on a processor.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from impl.client import Client
from impl.client.local import LocalNetwork
from impl.client.registration import register
from impl.net.http import HttpFiles
from impl.net.limits import Limits
from impl.net.link import connect_websocket
from impl.net.station import Station, Way
from impl.phone import Phone
from impl.serve.host import Host
from impl.serve.root import ROOT
from impl.server import Server
from impl.store import SqliteStore
from impl.wire.content import Text

CONNECTIONS = 200
MESSAGES = 20_000
PROCESSES = 2
SMALLER = 10
"""How many times fewer connections and messages do for the comparison."""

AT_A_TIME = 20
"""Phones that register side by side."""

LIMITS = Limits(rate=10_000, burst=100_000, connections=CONNECTIONS)
FIRST = 15550003000
KILO, MEGA = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Usage:
    """Of one process: bytes of memory now, and seconds on a processor so far."""

    memory: int
    seconds: float

    @classmethod
    def now(cls) -> Usage:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        memory = next(int(line.split()[1]) * KILO for line in status.splitlines() if line.startswith("VmRSS"))
        return cls(memory, time.process_time())


@dataclass(frozen=True)
class Report:
    """Of one process of clients, at its end: `lost` and `twice` count messages."""

    bare: Usage
    connected: Usage
    finished: Usage
    lost: int
    twice: int
    connections: int


def main() -> None:
    """Prints messages a second, and memory and time on a processor by process. AssertionError if any is lost."""
    context = get_context("spawn")
    with TemporaryDirectory() as folder:
        server, inside = context.Pipe()
        host = context.Process(target=serve, args=(inside, Path(folder, "store")))
        host.start()
        port, bare = server.recv()
        crowd = []
        for number in range(PROCESSES):
            pipe, inside = context.Pipe()
            process = context.Process(target=take_part, args=(inside, number, port))
            process.start()
            crowd.append((pipe, process))
        began = time.monotonic()
        _until_all(crowd, "connected", CONNECTIONS, began)
        here = _asked(server, "usage")
        began = time.monotonic()
        for pipe, _ in crowd:
            pipe.send("write")
        _until_all(crowd, "messages arrived", MESSAGES, began)
        seconds = time.monotonic() - began
        after = _asked(server, "usage")
        reports: list[Report] = [_asked(pipe, "report") for pipe, _ in crowd]
        server.send("end")
        for process in (host, *(process for _, process in crowd)):
            process.join()
    lost, twice = sum(each.lost for each in reports), sum(each.twice for each in reports)
    print(f"{CONNECTIONS} connections, {MESSAGES:,} messages: {lost} lost, {twice} twice, each device looked at")
    assert not lost and not twice
    assert sum(each.connections for each in reports) == CONNECTIONS, "somebody had to connect anew"
    busy = after.seconds - here.seconds
    theirs = sum(each.finished.seconds - each.connected.seconds for each in reports)
    print(f"{seconds:.1f} s, {MESSAGES / seconds:,.0f} messages a second")
    print(f"{'':<10}{'memory a connection':>22}{'processor a message':>22}")
    _row("server", (here.memory - bare.memory) / CONNECTIONS, busy / MESSAGES)
    _row("clients", sum(each.connected.memory - each.bare.memory for each in reports) / CONNECTIONS, theirs / MESSAGES)
    local = by_local_network(CONNECTIONS // SMALLER, MESSAGES // SMALLER)
    print(f"{'local':<10}{'':>22}{1000 * local:>19.2f} ms")
    print(f"{(busy + theirs) / MESSAGES / local:.1f} times the processor time of a local network")


def _row(name: str, memory: float, seconds: float) -> None:
    print(f"{name:<10}{memory / KILO:>19,.0f} kB{1000 * seconds:>19.2f} ms")


def _asked(pipe: Pipe, what: str) -> Any:
    pipe.send(what)
    return pipe.recv()


def _until_all(crowd: list[tuple[Pipe, Any]], what: str, goal: int, began: float) -> None:
    """Shows how far it is: on one line of a terminal, else now and then."""
    counts = [0] * len(crowd)
    step, end, shown = (1, "\r", 0) if sys.stderr.isatty() else (goal // 4, "\n", 0)
    while sum(counts) < goal:
        for number, (pipe, _) in enumerate(crowd):
            while pipe.poll(0.2):
                counts[number] = pipe.recv()
        if sum(counts) >= min(goal, shown + step):
            shown = sum(counts)
            line = f"{shown:,} of {goal:,} {what}, {time.monotonic() - began:.0f} s"
            print(line, end=end, file=sys.stderr, flush=True)


def serve(pipe: Pipe, store: Path) -> None:
    """A process: the server, until "end"."""
    asyncio.run(_serve(pipe, store))


async def _serve(pipe: Pipe, store: Path) -> None:
    host = await Host(Server(SqliteStore(store, synced=False)), now, limits=LIMITS).start()
    pipe.send((host.port, Usage.now()))
    while await _heard(pipe) != "end":
        pipe.send(Usage.now())
    await host.stop()


def take_part(pipe: Pipe, number: int, port: int) -> None:
    """A process: its share of the clients."""
    asyncio.run(Crowd(pipe, number).run(port))


class Crowd:
    """The phones of one process, each with its station."""

    def __init__(self, pipe: Pipe, number: int) -> None:
        self._pipe = pipe
        self._number = number
        self._stations: list[Station] = []
        self._changed = asyncio.Event()

    async def run(self, port: int) -> None:
        bare = Usage.now()
        async with HttpFiles(port) as files:
            way = Way(partial(connect_websocket, f"ws://127.0.0.1:{port}/ws/chat"), files, ROOT.public)
            for each in range(CONNECTIONS // PROCESSES):
                client = Client(phone(CONNECTIONS // PROCESSES * self._number + each), now)
                self._stations.append(Station(client, way, self._changed.set))
            staying = []
            for number, station in enumerate(self._stations, 1):
                staying.append(asyncio.create_task(station.stay()))
                await self._until(lambda: sum(each.online for each in self._stations), number - AT_A_TIME)
            await self._until(lambda: sum(each.online for each in self._stations), len(self._stations))
            connected = Usage.now()
            assert await _heard(self._pipe) == "write"
            async with asyncio.TaskGroup() as group:
                for station in self._stations:
                    group.create_task(self._write(station))
                group.create_task(self._until(self._arrived, MESSAGES // PROCESSES))
            finished = Usage.now()
            assert await _heard(self._pipe) == "report"
            missing, twice = _counted([each.client for each in self._stations], CONNECTIONS, MESSAGES // CONNECTIONS)
            connections = sum(each.connections for each in self._stations)
            self._pipe.send(Report(bare, connected, finished, missing, twice, connections))
            for task in staying:
                task.cancel()
            await asyncio.wait(staying)

    async def _write(self, station: Station) -> None:
        for message in range(MESSAGES // CONNECTIONS):
            await station.run(partial(written, station.client, message, CONNECTIONS))

    def _arrived(self) -> int:
        return sum(len(each.client.device.deliveries) for each in self._stations)

    async def _until(self, count: Callable[[], int], goal: int) -> None:
        """Tells how many there are until there are so many."""
        while (reached := count()) < goal:
            self._pipe.send(reached)
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._changed.wait()
            await asyncio.sleep(0.2)
        self._pipe.send(reached)


async def _heard(pipe: Pipe) -> Any:
    return await asyncio.to_thread(pipe.recv)


def now() -> int:
    return int(time.time())


def phone(number: int) -> Phone:
    return Phone.register(str(FIRST + number), os.urandom, now())


def partner(user: str, connections: int) -> str:
    """The one half a crowd away."""
    return str(FIRST + (int(user) - FIRST + connections // 2) % connections)


def written(client: Client, message: int, connections: int) -> Any:
    """The flow that says the message of this number; no other message is like it."""
    user = client.device.address.user
    return client.send(partner(user, connections), Text(f"{user} {message}"), f"{user}-{message}")


def _counted(clients: list[Client], connections: int, share: int) -> tuple[int, int]:
    """How many messages are missing on these devices, and how many are there more than once."""
    missing = twice = 0
    for client in clients:
        user = client.device.address.user
        held = Counter(each.text for each in client.device.conversation)
        said = {f"{who} {message}" for who in (user, partner(user, connections)) for message in range(share)}
        missing += len(said - held.keys())
        twice += sum(count > 1 for count in held.values())
        twice += sum(count > 1 for count in client.device.deliveries.values())
    return missing, twice


def by_local_network(connections: int, messages: int) -> float:
    """Seconds on a processor for each message, with neither stanzas nor sockets."""
    with TemporaryDirectory() as folder:
        network = LocalNetwork(Server(SqliteStore(Path(folder, "store"), synced=False)))
        clients = [Client(phone(number), now) for number in range(connections)]
        for client in clients:
            network.run(client, register(client.device, now()))
            network.connect(client)
        network.settle()
        began = time.process_time()
        for message in range(messages // connections):
            for client in clients:
                network.run(client, written(client, message, connections))
            network.settle()
        seconds = time.process_time() - began
        assert _counted(clients, connections, messages // connections) == (0, 0)
    return seconds / messages


if __name__ == "__main__":
    main()
