"""Who may connect as a device: whoever holds the Noise key that it registered or was linked with. wire.md, 6.5."""

from __future__ import annotations

from impl.address import PHONE, Address
from impl.dialogue import Declined
from impl.server.directory import Directory
from impl.server.linking import Linking
from impl.store import Store, Table


class Logins:
    """`phones` are the Noise keys of phones; those of companions came with their linking."""

    phones = Table(Address, bytes)

    def __init__(self, store: Store, directory: Directory, linking: Linking) -> None:
        self.store = store
        self.directory = directory
        self.linking = linking

    def check(self, noise: bytes, address: Address) -> None:
        """Raises Declined: 401 for whoever is not this device, or is it no longer."""
        known = self.phones.get(address) == noise if address.device == PHONE else self._linked(noise, address)
        if not known or address not in self.directory.addresses(address.user):
            raise Declined(401, f"this key is not that of {address}")

    def _linked(self, noise: bytes, address: Address) -> bool:
        return self.linking.joined.get(noise) == address
