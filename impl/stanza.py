"""What travels from device to device through the server. wire.md, sections 8.2, 8.3, 8.7 and 8.9."""

from dataclasses import dataclass
from typing import Literal

from impl.address import Address
from impl.sessions import PrekeyBundle

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


@dataclass(frozen=True)
class GroupStanza:
    """One group message for one device: `body` is the same for all, under the sender's key in `group`.

    `distribution` hands out that key over the pairwise session, to a device that lacks it. The server may change
    everything but the two ciphertexts. wire.md, section 8.3. What some clients send again is pairwise altogether:
    then `body` is empty. wire.md, section 8.7.
    """

    id: str
    sender: Address
    recipient: Address
    group: str
    body: bytes
    distribution: Stanza | None = None


@dataclass(frozen=True)
class RetryRequest:
    """`sender` could not open message `id` of `recipient`, for the `count`th time. wire.md, section 8.7.

    `reason` is one of its codes; `keys` are for a new session; `chat` is where it was said, if that is a group, or
    both devices are of one account. Nothing of it is encrypted.
    """

    id: str
    sender: Address
    recipient: Address
    count: int
    reason: int
    registration_id: int
    keys: PrekeyBundle | None = None
    chat: str | None = None
