"""Writing app state: the patch of a device, and the snapshot that a server makes of patches.

As in whatsmeow, appstate/encode.go. Snapshots are the server's: without any key it keeps the records that are
still set, and the last author's code over them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from impl.appstate.collection import Collection, check_keys, hash_after, patch_code, snapshot_code
from impl.appstate.keys import Keyring
from impl.appstate.kinds import without_value
from impl.appstate.mutation import encrypt
from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.entropy import Entropy
from impl.wire.actiondata import ActionData
from impl.wire.appstate import KeyId, Mutation, Operation, Patch, Snapshot


@dataclass(frozen=True, slots=True)
class Intent:
    """What this device wants of the collection: an action set, or one removed (its value then is for nobody)."""

    operation: Operation
    action: ActionData


def make_patch(
    collection: Collection,
    intents: Iterable[Intent],
    key_id: KeyId,
    keys: Keyring,
    device_index: int | None,
    entropy: Entropy,
) -> Patch:
    """The patch after `collection`, written with `key_id`, to be applied once the server has taken it.

    An action that was set under an older key lies at another index MAC; it is removed there, or the collection
    would hold both. There nothing is said but when: who has left still has the older key. AppStateError "missing_key".
    """
    check_keys(keys, [key_id])
    mutations = tuple(_mutations(collection, intents, key_id, keys, entropy))
    after = replace(collection, version=collection.version + 1, hash=hash_after(collection, mutations))
    snapshot_mac = snapshot_code(after, keys[key_id])
    patch_mac = patch_code(after, snapshot_mac, mutations, keys[key_id])
    return Patch(after.version, mutations, snapshot_mac, patch_mac, key_id, device_index=device_index)


def make_snapshot(base: Snapshot | None, patch: Patch, version: int) -> Snapshot:
    """What `base` and the patch that becomes `version`, its mutations inline, come to."""
    records = {each.index_mac: each for each in (base.records if base else ())}
    for mutation in patch.mutations:
        records.pop(mutation.record.index_mac, None)
        if mutation.operation is Operation.SET:
            records[mutation.record.index_mac] = mutation.record
    return Snapshot(version, tuple(records.values()), patch.snapshot_mac, patch.key_id)


def _mutations(
    collection: Collection, intents: Iterable[Intent], key_id: KeyId, keys: Keyring, entropy: Entropy
) -> Iterator[Mutation]:
    written = set(collection.entries)
    for intent in intents:
        at = {each: keys[each].index_code(intent.action.index) for each in keys}
        setting = intent.operation is Operation.SET
        for each, index_mac in at.items():
            if index_mac in written and not (setting and each == key_id):
                written.discard(index_mac)
                told = intent.action if each == key_id else without_value(intent.action)
                yield encrypt(Operation.REMOVE, told, each, keys[each], entropy(BLOCK_SIZE))
        if setting:
            written.add(at[key_id])
            yield encrypt(Operation.SET, intent.action, key_id, keys[key_id], entropy(BLOCK_SIZE))
