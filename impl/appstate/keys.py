"""App state keys: shared between the devices of an account, rotated when one leaves, never replaced.

Derivation as in whatsmeow, appstate/keys.go; which key is the active one as in zapo, src/appstate/utils.ts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from impl.appstate.errors import AppStateError
from impl.crypto.kdf import hkdf, hmac_sha256
from impl.wire.appstate import KeyId

EPOCH_LIMIT = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class MutationKeys:
    """The five 32-byte keys that one shared app state key expands to."""

    index: bytes = field(repr=False)
    value_encryption: bytes = field(repr=False)
    value_mac: bytes = field(repr=False)
    snapshot_mac: bytes = field(repr=False)
    patch_mac: bytes = field(repr=False)

    @classmethod
    def derive(cls, key_data: bytes) -> Self:
        """From the 32 bytes of a shared key."""
        expanded = hkdf(key_data, b"WhatsApp Mutation Keys", 160)
        return cls(*(expanded[start : start + 32] for start in range(0, 160, 32)))

    def index_code(self, index: bytes) -> bytes:
        """Under which 32 bytes the server files an index (JSON)."""
        return hmac_sha256(self.index, index)


Keyring = Mapping[KeyId, MutationKeys]


def check_not_replaced(known: bytes | None, key_id: KeyId, key_data: bytes) -> None:
    """AppStateError "key_replaced" if a key is `known` under this id, and is another one."""
    if known not in (None, key_data):
        raise AppStateError("key_replaced", f"{key_id} is known with other bytes")


def newest(keys: Iterable[KeyId]) -> KeyId | None:
    """The key to write with: of the highest epoch, and of the lowest device among several such."""
    return max(keys, key=lambda key: (key.epoch, -key.device), default=None)


def successor(key_id: KeyId | None, device: int) -> KeyId:
    """The id under which `device` rotates away from `key_id`, the newest key; without one, that of the first key.

    AppStateError "epochs_exhausted" at the last epoch.
    """
    if key_id is None:
        return KeyId(device, 1)
    if key_id.epoch == EPOCH_LIMIT:
        raise AppStateError("epochs_exhausted", f"{key_id} is of the last epoch")
    return KeyId(device, key_id.epoch + 1)
