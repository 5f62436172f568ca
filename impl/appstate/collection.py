"""One collection of app state: what patches and snapshots make of it, every code verified.

The order of checks is that of whatsmeow, appstate/decode.go; what others skip is mandatory here (the version
step of whatsapp-rust, and every MAC always).
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from impl.appstate.errors import AppStateError
from impl.appstate.keys import Keyring, MutationKeys
from impl.appstate.mutation import Change, Entry, decrypt
from impl.crypto import lthash
from impl.crypto.kdf import hmac_sha256
from impl.wire.appstate import CollectionName, KeyId, Mutation, Operation, Patch, Snapshot


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection after `version` patches; `hash` (128 bytes) sums up the value MACs of its entries.

    Entries go by index MAC (32 bytes), so that a store can keep each as a row of its own.
    """

    name: CollectionName
    version: int = 0
    hash: bytes = lthash.EMPTY
    entries: Mapping[bytes, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """The collection afterwards, and what changed, in order: the rows that a store writes or deletes."""

    collection: Collection
    changes: tuple[Change, ...]


def apply_patch(collection: Collection, patch: Patch, keys: Keyring) -> Applied:
    """The next patch, any external mutations already fetched into it.

    AppStateError, in this order: "exit_code", "version", "content" (mutations not fetched), "missing_key",
    "snapshot_mac", "patch_mac", then by mutation "value_mac", "content" or "index_mac".

    Removing what is not there is no error of its own: Baileys writes such patches, and the server keeps them for
    ever. The hash decides, for it shows that the author, too, had nothing there.
    """
    if patch.exit_code:
        raise AppStateError("exit_code", f"the patch ends {collection.name} with code {patch.exit_code}")
    check_next(collection, patch.version)
    if patch.external is not None:
        raise AppStateError("content", "the mutations lie in a file that was not fetched")
    records = (each.record.key_id for each in patch.mutations)
    check_keys(keys, (patch.key_id, *records))
    author = keys[patch.key_id]
    after = replace(collection, version=collection.version + 1, hash=hash_after(collection, patch.mutations))
    check_snapshot_code(after, patch.snapshot_mac, author)
    check_patch_code(after, patch, author)
    return _changed(after, patch.mutations, keys)


def apply_snapshot(collection: Collection, snapshot: Snapshot, keys: Keyring) -> Applied:
    """The whole collection anew, as it was asked for: whatever `collection` held is gone.

    AppStateError, in this order: "version" (older than ours), "content" (an index twice), "missing_key",
    "snapshot_mac", "version" (of our version and yet another hash), then by record "value_mac", "content" or
    "index_mac".
    """
    check_not_older(collection, snapshot.version)
    if len({each.index_mac for each in snapshot.records}) != len(snapshot.records):
        raise AppStateError("content", "an index twice in one snapshot")
    check_keys(keys, (snapshot.key_id, *(each.key_id for each in snapshot.records)))
    state = lthash.add(lthash.EMPTY, (each.value_mac for each in snapshot.records))
    after = Collection(collection.name, snapshot.version, state)
    check_snapshot_code(after, snapshot.mac, keys[snapshot.key_id])
    if snapshot.version == collection.version and state != collection.hash:
        raise AppStateError("version", f"another state of version {snapshot.version} is known")
    return _changed(after, [Mutation(Operation.SET, each) for each in snapshot.records], keys)


def check_next(collection: Collection, version: int | None) -> None:
    if version != collection.version + 1:
        raise AppStateError("version", f"patch {version} after version {collection.version}")


def check_not_older(collection: Collection, version: int) -> None:
    if version < collection.version:
        raise AppStateError("version", f"snapshot {version} after version {collection.version}")


def check_snapshot_code(after: Collection, code: bytes, author: MutationKeys) -> None:
    """Whoever wrote last saw the very collection that we have: nothing was left out."""
    if not hmac.compare_digest(snapshot_code(after, author), code):
        raise AppStateError("snapshot_mac", f"version {after.version} of {after.name}")


def check_patch_code(after: Collection, patch: Patch, author: MutationKeys) -> None:
    if not hmac.compare_digest(patch_code(after, patch.snapshot_mac, patch.mutations, author), patch.patch_mac):
        raise AppStateError("patch_mac", f"patch {after.version} of {after.name}")


def check_keys(keys: Keyring, needed: Iterable[KeyId]) -> None:
    """AppStateError "missing_key", which names all that are missing: one request fetches them."""
    missing = tuple(each for each in dict.fromkeys(needed) if each not in keys)
    if missing:
        raise AppStateError("missing_key", f"{len(missing)} keys were not shared with us", missing)


def hash_after(collection: Collection, mutations: Iterable[Mutation]) -> bytes:
    """The hash (128 bytes) of the collection after these mutations, one after the other."""
    held = {index_mac: entry.value_mac for index_mac, entry in collection.entries.items()}
    removed, added = [], []
    for mutation in mutations:
        record = mutation.record
        if record.index_mac in held:
            removed.append(held.pop(record.index_mac))
        if mutation.operation is Operation.SET:
            added.append(record.value_mac)
            held[record.index_mac] = record.value_mac
    return lthash.add(lthash.subtract(collection.hash, removed), added)


def snapshot_code(collection: Collection, keys: MutationKeys) -> bytes:
    """What vouches, in 32 bytes, for a whole collection at its version."""
    return hmac_sha256(keys.snapshot_mac, collection.hash + _position(collection.name, collection.version))


def patch_code(after: Collection, snapshot_mac: bytes, mutations: Iterable[Mutation], keys: MutationKeys) -> bytes:
    """What vouches, in 32 bytes, for the mutations that led to `after`, and for the code of that."""
    values = b"".join(each.record.value_mac for each in mutations)
    return hmac_sha256(keys.patch_mac, snapshot_mac + values + _position(after.name, after.version))


def _position(name: CollectionName, version: int) -> bytes:
    return version.to_bytes(8, "big") + name.encode()


def _changed(after: Collection, mutations: Iterable[Mutation], keys: Keyring) -> Applied:
    entries = dict(after.entries)
    changes = []
    for mutation in mutations:
        change = decrypt(mutation, keys[mutation.record.key_id])
        entries.pop(change.index_mac, None)
        if change.operation is Operation.SET:
            entries[change.index_mac] = change.entry
        changes.append(change)
    return Applied(replace(after, entries=entries), tuple(changes))
