"""The directory: which devices an account has, the list that its phone signed, and everybody's prekeys.

The map from device to key index is the server's word alone (wire.md, section 4.1); one-time prekeys go out once.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import replace

from impl.address import PHONE, Address
from impl.dialogue import DeviceEntry, Devices, OneTimePrekey
from impl.sessions import PrekeyBundle
from impl.store import Store, Table

POOL = "one-time prekeys of {}"


class Directory:
    devices = Table(str, Devices)
    bundles = Table(Address, PrekeyBundle)
    last_prekey = Table(Address, int)
    last_device = Table(str, int)
    watchers = Table(str, tuple[str, ...])

    def __init__(self, store: Store) -> None:
        self.store = store

    def addresses(self, user: str) -> tuple[Address, ...]:
        """Every device of an account; none for one that nobody registered."""
        return tuple(entry.address for entry in self.lookup(user).devices)

    def lookup(self, user: str) -> Devices:
        return self.devices.get(user, Devices(()))

    def watch(self, user: str, watcher: str) -> None:
        """`watcher` is told from now on when the devices of `user` change."""
        known = self.watchers.get(user, ())
        if watcher not in known:
            self.watchers[user] = (*known, watcher)

    def add(self, address: Address, key_index: int) -> None:
        known = self.lookup(address.user)
        self.devices[address.user] = Devices((*known.devices, DeviceEntry(address, key_index)), known.signed_list)

    def remove(self, address: Address) -> None:
        """The device and its prekeys; its number is never given away again."""
        known = self.lookup(address.user)
        left = tuple(entry for entry in known.devices if entry.address != address)
        self.devices[address.user] = Devices(left, known.signed_list)
        self.bundles.pop(address, None)
        self.last_prekey.pop(address, None)
        self._pool(address).clear()

    def publish_list(self, user: str, signed_list: bytes) -> None:
        self.devices[user] = Devices(self.lookup(user).devices, signed_list)

    def free_address(self, user: str) -> Address:
        """Where the next companion of the account will be reached."""
        number = self.last_device.get(user, PHONE) + 1
        self.last_device[user] = number
        return Address(user, number)

    def publish_prekeys(self, address: Address, bundle: PrekeyBundle, one_time: Iterable[OneTimePrekey]) -> None:
        """To publish again changes nothing: identifiers only rise, so what was given away does not come back."""
        last = self.last_prekey.get(address, 0)
        fresh = {prekey.id: prekey.public for prekey in one_time if prekey.id > last}
        self.bundles[address] = bundle
        self._pool(address).update(fresh)
        self.last_prekey[address] = max(fresh, default=last)

    def one_time_left(self, address: Address) -> int:
        return len(self._pool(address))

    def bundle(self, address: Address) -> PrekeyBundle | None:
        """The bundle of a device, with a one-time prekey that nobody else gets, as long as there are any."""
        bundle = self.bundles.get(address)
        pool = self._pool(address)
        one_time = next(iter(pool), None)
        if bundle is None or one_time is None:
            return bundle
        return replace(bundle, one_time_id=one_time, one_time=pool.pop(one_time))

    def _pool(self, address: Address) -> MutableMapping[int, bytes]:
        return self.store.table(POOL.format(address), int, bytes)
