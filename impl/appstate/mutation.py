"""One mutation: an action encrypted under an app state key, filed under the code of its index.

As in whatsmeow, appstate/decode.go, encode.go and hash.go.
"""

import hmac
from dataclasses import dataclass

from impl.appstate.errors import AppStateError
from impl.appstate.keys import MutationKeys
from impl.crypto import cbc
from impl.wire.actiondata import ActionData
from impl.wire.appstate import MAC_SIZE, KeyId, Mutation, Operation, Record
from impl.wire.errors import DecodeError


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as a device keeps it; `value_mac` (32 bytes) is what the hash of the collection counts."""

    value_mac: bytes
    key_id: KeyId
    action: ActionData


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutation says once it is open: the entry at `index_mac` (32 bytes) is set, or removed."""

    operation: Operation
    index_mac: bytes
    entry: Entry


def encrypt(operation: Operation, action: ActionData, key_id: KeyId, keys: MutationKeys, iv: bytes) -> Mutation:
    """`iv` is 16 random bytes; `keys` are those of `key_id`."""
    sealed = iv + cbc.encrypt(keys.value_encryption, iv, action.encode())
    blob = sealed + _value_code(operation, key_id, sealed, keys)
    return Mutation(operation, Record(keys.index_code(action.index), blob, key_id))


def decrypt(mutation: Mutation, keys: MutationKeys) -> Change:
    """AppStateError: "value_mac", "content" or "index_mac". `keys` are those of the key that the record names."""
    record = mutation.record
    expected = _value_code(mutation.operation, record.key_id, record.sealed, keys)
    if not hmac.compare_digest(expected, record.value_mac):
        raise AppStateError("value_mac", f"record {record.index_mac.hex()}")
    iv, ciphertext = record.sealed[: cbc.BLOCK_SIZE], record.sealed[cbc.BLOCK_SIZE :]
    try:
        action = ActionData.decode(cbc.decrypt(keys.value_encryption, iv, ciphertext))
    except (ValueError, DecodeError) as error:
        raise AppStateError("content", str(error)) from error
    if not hmac.compare_digest(keys.index_code(action.index), record.index_mac):
        raise AppStateError("index_mac", f"record {record.index_mac.hex()}")
    return Change(mutation.operation, record.index_mac, Entry(record.value_mac, record.key_id, action))


def _value_code(operation: Operation, key_id: KeyId, sealed: bytes, keys: MutationKeys) -> bytes:
    authenticated = bytes([operation + 1]) + key_id.encode()
    message = authenticated + sealed + len(authenticated).to_bytes(8, "big")
    return hmac.digest(keys.value_mac, message, "sha512")[:MAC_SIZE]
