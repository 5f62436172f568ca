"""The participant hash, version 2: a short digest by which two parties notice that they count other devices.

`participantListHashV2` of tulir/whatsmeow (`send.go`), `message/crypto/phash.ts` of zapo. Anybody can compute
it, so it proves nothing: a difference is a reason to query the device lists again.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from impl.address import SERVER, Address

PREFIX = "2:"
HASH_SIZE = 6


def participant_hash(devices: Iterable[Address]) -> str:
    """`2:` and the base64 of 6 bytes; neither order nor repetition of the devices matters."""
    # the agent .0 is always written, the device number even when it is that of a phone
    names = sorted(f"{device.user}.0:{device.device}@{SERVER}" for device in set(devices))
    return PREFIX + b64encode(sha256("".join(names).encode()).digest()[:HASH_SIZE]).decode()
