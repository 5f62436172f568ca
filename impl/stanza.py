"""What travels from device to device through the server."""

from dataclasses import dataclass
from typing import Literal

from impl.address import Address

Category = Literal["message", "peer"]


@dataclass(frozen=True)
class Stanza:
    """One ciphertext for one device, as the server sees it and, except for `body`, may change it."""

    id: str
    sender: Address
    recipient: Address
    category: Category
    enc_type: Literal["pkmsg", "msg"]
    body: bytes
    device_identity: bytes | None = None
