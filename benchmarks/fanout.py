"""What a message costs its sender for each device that gets a ciphertext of its own, in memory and on disk.

So many devices belong to accounts of five: a phone and four companions. All are met, each once, and then one text goes
to every account, as the key of a group goes to its members.

Where the time goes (cProfile, 1,000 devices): in memory, curve arithmetic, with five X25519 and up to three verified
signatures for every device met; sealing is a twelfth of meeting. On disk, two thirds are commits that wait for the
disk, one for every device met and one for every account written to. Neither grows with the number of devices.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from impl.address import Address
from impl.companion import Companion
from impl.phone import Phone
from impl.sessions import PrekeyBundle
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.content import Text

NOW = 1626220800
SIZES = 5, 50, 1000
ACCOUNT = 5
"""Devices."""

TEXT = Text("x" * 100)
STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(),
    "disk": lambda folder: SqliteStore(folder / "store"),
}


@dataclass(frozen=True)
class Member:
    """A device to be met: under which key index, with which bundle."""

    address: Address
    key_index: int
    bundle: PrekeyBundle


@dataclass(frozen=True)
class Account:
    """What a sender has to know of an account before it meets its devices."""

    user: str
    key: bytes
    signed_list: bytes
    members: tuple[Member, ...]


def main() -> None:
    """Prints, by store and number of devices, the milliseconds for each device: wall-clock time, disk included."""
    print(f"{'store':<8}{'devices':>8}{'meeting':>12}{'sealing':>12}{'next':>12}")
    for store in STORES:
        for devices in SIZES:
            meeting, sealing, after = (f"{1000 * each / devices:.2f} ms" for each in seconds(store, devices))
            print(f"{store:<8}{devices:>8,}{meeting:>12}{sealing:>12}{after:>12}")


def seconds(store: str, devices: int) -> tuple[float, float, float]:
    """Of meeting so many devices, of the first message to them all, and of the next."""
    with TemporaryDirectory() as folder:
        sender = Phone.register("sender", os.urandom, NOW, STORES[store](Path(folder)))
        accounts = list(made(devices // ACCOUNT))
        for account in accounts:
            sender.pin(account.user, account.key)
            sender.learn_list(account.user, account.signed_list, NOW)
        began = time.perf_counter()
        for account in accounts:
            for member in account.members:
                sender.meet(member.address, member.key_index, member.bundle, NOW)
        met = time.perf_counter()
        say(sender, accounts, "first")
        said = time.perf_counter()
        say(sender, accounts, "next")
        return met - began, said - met, time.perf_counter() - said


def say(sender: Phone, accounts: list[Account], id: str) -> None:
    for account in accounts:
        stanzas = sender.send(f"{id} {account.user}", account.user, TEXT, NOW)
        assert len(stanzas) == ACCOUNT


def made(accounts: int) -> Iterator[Account]:
    return (account(number) for number in range(accounts))


@cache
def account(number: int) -> Account:
    """A phone that has linked four companions; a bundle of each is for one sender, here for one after the other."""
    phone = Phone.register(f"{number}", os.urandom, NOW)
    members = [Member(phone.address, 0, phone.bundle())]
    for device in range(1, ACCOUNT):
        companion = Companion.create(os.urandom, NOW)
        approval = phone.scan(companion.show_qr("ref"), NOW)
        address = Address(phone.address.user, device)
        companion.confirm(approval.container, address, NOW)
        members.append(Member(address, approval.key_index, companion.bundle()))
    return Account(phone.address.user, phone.identity.public, phone.signed_list, tuple(members))


if __name__ == "__main__":
    main()
