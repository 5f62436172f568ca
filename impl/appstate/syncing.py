"""App state as a device keeps it: heads and entries of collections, and what it wants of them. wire.md, section 11.

What the user wants shows at once and stays an intent, in the store, until it comes back from the server in a patch:
written by this device, or overtaken by another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl.appstate import effects
from impl.appstate.actions import Action, Dated, KeyExpired
from impl.appstate.collection import Applied, Collection, apply_patch, apply_snapshot
from impl.appstate.conflicts import current, rebased
from impl.appstate.errors import AppStateError
from impl.appstate.holders import outdated
from impl.appstate.keys import Keyring, MutationKeys, newest
from impl.appstate.kinds import collections_of, timestamp_of, write
from impl.appstate.mutation import Entry
from impl.appstate.writing import Intent, make_patch
from impl.crypto import lthash
from impl.fanout import check_linked
from impl.wire.actiondata import ActionData, encode_index
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch, Snapshot

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class Head:
    """Where a collection stands: its hash (128 bytes), and the epoch of the key that it was last written with."""

    version: int = 0
    hash: bytes = lthash.EMPTY
    epoch: int = 0


def intend(device: Device, action: Action, operation: Operation, now: int) -> None:
    """The user sets an action, or removes it. It is later than what it overrides, whatever the clocks say."""
    name = home(action)
    data = write(Dated(action, now * 1000))
    pending, shown = device.intents.get((name, data.index)), device.settings.get(data.parts)
    overridden = [*([pending.action] if pending else []), *([shown.data] if shown else [])]
    data = write(Dated(action, max([now * 1000, *(timestamp_of(each) + 1 for each in overridden)])))
    device.intents[name, data.index] = Intent(operation, data)
    _show(device, name, {data.parts: data if operation is Operation.SET else None})


def home(action: Action) -> CollectionName:
    """The collection in which an action lies."""
    if isinstance(action, KeyExpired):
        return CollectionName(action.collection)
    (name,) = collections_of(action)
    return name


def head(device: Device, name: CollectionName) -> Head:
    return device.collections.get(name, Head())


def collection(device: Device, name: CollectionName) -> Collection:
    """All of a collection."""
    at = head(device, name)
    entries = {index_mac: entry for (of, index_mac), entry in device.entries.items() if of is name}
    return Collection(name, at.version, at.hash, entries)


def keyring(device: Device) -> Keyring:
    keys = ((key_id, key.data) for key_id, key in device.sync_keys.items())
    return {key_id: MutationKeys.derive(data) for key_id, data in keys if data is not None}


def intents(device: Device, name: CollectionName) -> list[Intent]:
    return [intent for (of, _), intent in device.intents.items() if of is name]


def propose(device: Device, name: CollectionName) -> Patch | None:
    """What the server is to add to a collection; None if nothing is wanted, or nobody may write with the newest key.

    Nothing is applied before the server has taken it. A wish to remove what is not there has come true.
    """
    own = check_linked(device)
    state = collection(device, name)
    there = current(state)
    for intent in intents(device, name):
        if intent.operation is Operation.REMOVE and intent.action.parts not in there:
            del device.intents[name, intent.action.index]
    wanted = intents(device, name)
    key_id = newest(device.sync_keys)
    if not wanted or key_id is None or outdated(device, key_id):
        return None
    return make_patch(state, wanted, key_id, keyring(device), own.device, device.entropy)


def take_patch(device: Device, name: CollectionName, patch: Patch) -> None:
    """The next patch, external mutations fetched. Raises AppStateError."""
    check_not_retired(device, name, patch.key_id)
    applied = apply_patch(collection(device, name), patch, keyring(device))
    touched = {change.entry.action.parts for change in applied.changes}
    for change in applied.changes:
        if change.operation is Operation.SET:
            device.entries[name, change.index_mac] = change.entry
        else:
            device.entries.pop((name, change.index_mac), None)
    _commit(device, applied, patch.key_id.epoch, touched)


def take_snapshot(device: Device, name: CollectionName, snapshot: Snapshot) -> None:
    """The whole collection, as asked for. Raises AppStateError."""
    check_not_retired(device, name, snapshot.key_id)
    check_key_of_last(snapshot)
    before = collection(device, name)
    applied = apply_snapshot(before, snapshot, keyring(device))
    replace_entries(device, before, applied, snapshot.key_id.epoch)


def replace_entries(device: Device, before: Collection, applied: Applied, epoch: int) -> None:
    """A collection anew; whatever was in it before and is not now has gone."""
    name, entries = before.name, applied.collection.entries
    for index_mac in before.entries.keys() - entries.keys():
        del device.entries[name, index_mac]
    for index_mac, entry in entries.items():
        if before.entries.get(index_mac) != entry:
            device.entries[name, index_mac] = entry
    _commit(device, applied, epoch, {*_parts(before.entries.values()), *_parts(entries.values())})


def check_not_retired(device: Device, name: CollectionName, key_id: KeyId) -> None:
    """Once a collection is written with a newer key, who has only an older one has left."""
    if key_id.epoch < head(device, name).epoch:
        raise AppStateError("retired_key", f"{key_id} after epoch {head(device, name).epoch}")


def check_key_of_last(snapshot: Snapshot) -> None:
    """The last author had the keys of all records: whoever vouches for a newer one under an older key has left."""
    newest = max((each.key_id.epoch for each in snapshot.records), default=0)
    if snapshot.key_id.epoch < newest:
        raise AppStateError("retired_key", f"{snapshot.key_id} vouches for a record of epoch {newest}")


def _commit(device: Device, applied: Applied, epoch: int, touched: set[tuple[str, ...]]) -> None:
    state = applied.collection
    device.collections[state.name] = Head(state.version, state.hash, epoch)
    mine = intents(device, state.name)
    held = rebased(mine, applied.changes)
    for intent in mine:
        if intent not in held:
            del device.intents[state.name, intent.action.index]
    there = current(state)
    _show(device, state.name, {parts: _counts(device, state.name, there, parts) for parts in touched})


def _counts(
    device: Device, name: CollectionName, there: Mapping[tuple[str, ...], Entry], parts: tuple[str, ...]
) -> ActionData | None:
    """What shows at an index: the own intent, as long as there is one."""
    pending = device.intents.get((name, encode_index(parts)))
    if pending is not None:
        return pending.action if pending.operation is Operation.SET else None
    entry = there.get(parts)
    return entry.action if entry else None


def _show(device: Device, name: CollectionName, actions: Mapping[tuple[str, ...], ActionData | None]) -> None:
    said = [effects.show(device, name, parts, data) for parts, data in actions.items()]
    effects.carry_out(device, [each for each in said if each is not None])


def _parts(entries: Iterable[Entry]) -> Iterable[tuple[str, ...]]:
    return (entry.action.parts for entry in entries)
