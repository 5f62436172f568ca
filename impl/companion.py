"""A companion device: desktop, web, tablet. It belongs to no account until a phone has scanned its QR."""

from impl import history, linking
from impl.address import Address
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.store import Stanza


class Companion(Device):
    """`secret` is the linking secret that waits for a phone; `links` counts the accounts joined."""

    def __init__(self, entropy: Entropy, client_type: str = "1") -> None:
        super().__init__(entropy)
        self.noise = KeyPair.generate(entropy)
        self.client_type = client_type
        self.secret: bytes | None = None
        self.links = 0

    def show_qr(self, ref: str) -> str:
        """See `linking.show_qr`."""
        return linking.show_qr(self, ref)

    def confirm(self, container: bytes, address: Address, now: int) -> bytes:
        """See `linking.confirm`."""
        return linking.confirm(self, container, address, now)

    def history_path(self, stanza: Stanza) -> str:
        """See `history.path`."""
        return history.path(self, stanza)

    def import_history(self, stanza: Stanza, blob: bytes, now: int) -> int:
        """See `history.merge`."""
        return history.merge(self, stanza, blob)
