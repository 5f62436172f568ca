"""Linking as the server sees it: references for QR codes, the way from phone to companion and back.

wire.md, section 2.1.
"""

from __future__ import annotations

from dataclasses import replace

from impl.address import PHONE, Address
from impl.dialogue import Declined, DeviceEntry, Linked, PairSuccess, Unlinked
from impl.kinds import DeviceProps, Platform
from impl.server.directory import Directory
from impl.server.mailboxes import Mailboxes
from impl.sessions import PrekeyBundle
from impl.store import Store, Table
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.errors import DecodeError


class Linking:
    """Companions by their Noise key: those that wait for a phone, those approved of, those that joined.

    `signed` is what each of the last said then.
    """

    waiting = Table(bytes, DeviceProps)
    approved = Table(bytes, DeviceEntry)
    joined = Table(bytes, Address)
    signed = Table(Address, bytes)

    def __init__(self, store: Store, directory: Directory, mailboxes: Mailboxes) -> None:
        self.store = store
        self.directory = directory
        self.mailboxes = mailboxes

    def register(self, noise: bytes, props: DeviceProps) -> None:
        """A companion that belongs to nobody says what it is. Raises Declined: phones are no companions."""
        if props.platform is Platform.UNKNOWN or not props.platform.kind.may_join:
            raise Declined(400, f"no companion: {props.platform.name}")
        self.waiting[noise] = props

    def reference(self, noise: bytes) -> str:
        """What a QR begins with: it names the companion's connection, and proves nothing."""
        return f"2@{noise.hex()[:24]}"

    def approve(self, phone: Address, noise: bytes, container: bytes, key_index: int) -> Address:
        """Hands the phone's container to the companion, with the address it will have. Raises Declined.

        The first account that approves of a companion gets it; the same approval again is no other.
        """
        promised = self.joined.get(noise) or self._promise(phone.user, noise, key_index)
        if promised.user != phone.user:
            raise Declined(409, "another account has approved of this companion")
        if noise not in self.joined:
            self.mailboxes.post(noise, PairSuccess(container, promised))
        return promised

    def _promise(self, user: str, noise: bytes, key_index: int) -> Address:
        if noise not in self.waiting:
            raise Declined(404, "no companion with this key is waiting")
        if noise not in self.approved:
            self.approved[noise] = DeviceEntry(self.directory.free_address(user), key_index)
        return self.approved[noise].address

    def confirm(self, noise: bytes, device_identity: bytes) -> Address | None:
        """The companion has signed: it joins the directory, and its phone is told; None if it had joined before.

        Raises Declined.
        """
        if noise in self.joined:
            return None
        entry = self.approved.pop(noise, None)
        if entry is None:
            raise Declined(404, "no phone has approved this companion")
        self.joined[noise] = entry.address
        self.signed[entry.address] = device_identity
        self.directory.add(entry.address, entry.key_index)
        self.mailboxes.clear(noise)
        linked = Linked(entry.address, device_identity, self.waiting.pop(noise))
        self.mailboxes.post(Address(entry.address.user, PHONE), linked)
        return entry.address

    def vouched(self, address: Address, bundle: PrekeyBundle) -> PrekeyBundle:
        """The bundle with the device identity that companions sign when they join, and real ones do not publish.

        They leave out the account key, which is that of the phone. wire.md, sections 2.1, 2.5 and 7.7.
        """
        signed, phone = self.signed.get(address), self.directory.bundles.get(Address(address.user, PHONE))
        if bundle.device_identity is not None or signed is None or phone is None:
            return bundle
        try:
            whole = replace(SignedDeviceIdentity.decode(signed), account_key=phone.identity)
        except DecodeError:
            return bundle
        return replace(bundle, device_identity=whole.encode())

    def remove(self, address: Address) -> None:
        """The device is none of its account any longer: it is told, and whatever else waited for it goes."""
        self.directory.remove(address)
        self.signed.pop(address, None)
        self.mailboxes.clear(address)
        self.mailboxes.post(address, Unlinked())
        for noise in [noise for noise, at in self.joined.items() if at == address]:
            del self.joined[noise]

    def break_off(self, user: str) -> None:
        """The account has another phone: nobody joins on the word of the former."""
        for noise in [noise for noise, entry in self.approved.items() if entry.address.user == user]:
            del self.approved[noise]
