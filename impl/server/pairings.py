"""Linking by code as the server sees it: it passes the three stages on, under references of its own.

wire.md, section 3.2. It sees no code: whoever guesses one for a wrapped key gets one try at the phone.
"""

from __future__ import annotations

from dataclasses import dataclass

from impl.address import PHONE, Address
from impl.dialogue import Declined, PairingAnswered, PairingAsked, PairingFinished
from impl.server.directory import Directory
from impl.server.mailboxes import Mailboxes
from impl.store import Maybe, Store, Table
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello


@dataclass(frozen=True)
class Asked:
    """A companion shows a code to `user`."""

    ref: bytes
    user: str


class Pairings:
    """The newest pairing of each companion, by its Noise key."""

    asked = Table(bytes, Asked)
    counted = Maybe(int)

    def __init__(self, store: Store, directory: Directory, mailboxes: Mailboxes) -> None:
        self.store = store
        self.directory = directory
        self.mailboxes = mailboxes

    def ask(self, noise: bytes, user: str, ephemeral: bytes) -> bytes:
        """Tells the phone; answers with the reference. Raises Declined."""
        phone = Address(user, PHONE)
        if phone not in self.directory.addresses(user):
            raise Declined(404, f"{user} has no phone")
        self.counted = (self.counted or 0) + 1
        ref = f"2@{noise.hex()[:24]},{self.counted}".encode()
        self.asked[noise] = Asked(ref, user)
        self.mailboxes.post(phone, PairingAsked(CompanionHello(ref, ephemeral, noise)))
        return ref

    def answer(self, phone: Address, hello: PrimaryHello) -> None:
        """Tells the companion. Raises Declined."""
        for noise, asked in self.asked.items():
            if asked == Asked(hello.ref, phone.user):
                self.mailboxes.post(noise, PairingAnswered(hello))
                return
        raise Declined(404, "no companion waits under this reference")

    def finish(self, noise: bytes, finish: CompanionFinish) -> None:
        """Tells the phone. Raises Declined."""
        asked = self.asked.get(noise)
        if asked is None or asked.ref != finish.ref:
            raise Declined(404, "no pairing has this reference")
        self.mailboxes.post(Address(asked.user, PHONE), PairingFinished(finish))

    def over(self, noise: bytes) -> None:
        """The companion has joined."""
        self.asked.pop(noise, None)
