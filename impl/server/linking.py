"""Linking as the server sees it: references for QR codes, the way from phone to companion and back."""

from __future__ import annotations

from impl.address import Address
from impl.dialogue import Declined, DeviceEntry, Linked, PairSuccess
from impl.server.directory import Directory
from impl.server.mailboxes import Mailboxes
from impl.store import Store, Table


class Linking:
    """Companions by their Noise key: those that wait for a phone, those approved of, those that joined."""

    waiting = Table(bytes, str)
    approved = Table(bytes, DeviceEntry)
    joined = Table(bytes, Address)

    def __init__(self, store: Store, directory: Directory, mailboxes: Mailboxes) -> None:
        self.store = store
        self.directory = directory
        self.mailboxes = mailboxes

    def reference(self, noise: bytes) -> str:
        """What a QR begins with: it names the companion's connection, and proves nothing."""
        return self.waiting.setdefault(noise, f"2@{noise.hex()[:24]}")

    def approve(self, phone: Address, noise: bytes, container: bytes, key_index: int) -> Address:
        """Hands the phone's container to the companion, with the address it will have. Raises Declined."""
        if noise in self.joined:
            return self.joined[noise]
        if noise not in self.waiting:
            raise Declined(404, "no companion with this key is waiting")
        promised = self.approved.get(noise)
        address = promised.address if promised else self.directory.free_address(phone.user)
        self.approved[noise] = DeviceEntry(address, key_index)
        self.mailboxes.post(noise, PairSuccess(container, address))
        return address

    def confirm(self, noise: bytes, device_identity: bytes) -> Address | None:
        """The companion has signed: it joins the directory, and its phone is told; None if it had joined before.

        Raises Declined.
        """
        if noise in self.joined:
            return None
        entry = self.approved.pop(noise, None)
        if entry is None:
            raise Declined(404, "no phone has approved this companion")
        self.waiting.pop(noise, None)
        self.joined[noise] = entry.address
        self.directory.add(entry.address, entry.key_index)
        self.mailboxes.post(Address(entry.address.user, 0), Linked(entry.address, device_identity))
        return entry.address
