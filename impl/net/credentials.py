"""What a device connects with: its Noise key, and what it remembers of the server. It lies in the device's store."""

from __future__ import annotations

from impl.companion import Companion
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.store import Maybe
from impl.transport.certificates import TrustedServer


class Credentials:
    """Of one device. A companion's Noise key is in its QR; a phone draws one when it connects first."""

    phone_noise = Maybe(KeyPair)
    trusted = Maybe(TrustedServer)

    def __init__(self, device: Device) -> None:
        self.device = device
        self.store = device.store

    @property
    def noise(self) -> KeyPair:
        if isinstance(self.device, Companion):
            return self.device.noise
        known = self.phone_noise
        if known is None:
            known = KeyPair.generate(self.device.entropy)
            with self.store.transaction():
                self.phone_noise = known
        return known

    def trust(self, server: TrustedServer) -> None:
        if server != self.trusted:
            with self.store.transaction():
                self.trusted = server
