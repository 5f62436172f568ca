"""What a long history costs: time and memory of handing it over and of importing it, with stores on disk."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.media import MEGA, peak_memory
from impl.address import Address
from impl.client import Client
from impl.client.linking import scan, show_qr
from impl.client.local import LocalNetwork
from impl.client.registration import register
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.messages import StoredMessage
from impl.phone import Phone
from impl.server import Server
from impl.store import SqliteStore

COUNTS = 10_000, 100_000
CHATS = 100
NOW = 1626220800
HOUR = 3600
TEXT = "A message of about the length that messages have, which is not very long. "


@dataclass(frozen=True, slots=True)
class Cost:
    """Messages, seconds from linking to the last of them, bytes of memory before and at the peak."""

    count: int
    seconds: float
    before: int
    peak: int


def main() -> None:
    """Prints a line a length, each from a process of its own."""
    print(f"{'messages':>10}{'time':>10}{'a second':>12}{'memory before':>16}{'at its peak':>14}")
    for count in COUNTS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            cost = pool.submit(measured, count).result()
        line = f"{count:>10}{cost.seconds:>8.1f} s{count / cost.seconds:>12.0f}"
        print(f"{line}{cost.before / MEGA:>13.1f} MB{cost.peak / MEGA:>11.1f} MB")


def measured(count: int) -> Cost:
    """A phone with so many messages links a companion; both and the server live in this process."""
    entropy = seeded(b"history")
    with TemporaryDirectory() as folder:
        stores = [SqliteStore(Path(folder, name), synced=False) for name in ("phone", "companion", "server")]
        phone = Phone.register("alice", entropy, NOW, stores[0])
        with phone.store.transaction():
            for number in range(count):
                message = _message(number, count)
                phone.messages[message.key] = message
        network = LocalNetwork(Server(stores[2]))
        at_phone = Client(phone, lambda: NOW)
        network.run(at_phone, register(phone, NOW))
        network.connect(at_phone)
        companion = Companion.create(entropy, NOW, store=stores[1])
        at_companion = Client(companion, lambda: NOW)
        network.connect(at_companion)
        network.run(at_phone, scan(phone, network.run(at_companion, show_qr(companion)), NOW))
        before, began = peak_memory(), time.perf_counter()
        network.settle()
        seconds = time.perf_counter() - began
        if len(companion.messages) != count or companion.history_progress != 100:
            raise RuntimeError(f"{len(companion.messages)} of {count} messages came")
        for store in stores:
            store.close()
    return Cost(count, seconds, before, peak_memory())


def _message(number: int, count: int) -> StoredMessage:
    """One an hour, in turn from each chat."""
    chat = f"user{number % CHATS}"
    said = f"{TEXT}{number}"
    return StoredMessage(f"3EB0{number:018X}", Address(chat, 0), chat, said, "received", NOW - HOUR * (count - number))


if __name__ == "__main__":
    main()
