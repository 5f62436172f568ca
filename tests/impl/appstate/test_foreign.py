"""App state that Baileys wrote: taken, and written again byte by byte."""

from typing import Any

import pytest

from impl.appstate.actions import Archive, Dated, MarkRead, Pin
from impl.appstate.collection import Collection, apply_patch, apply_snapshot
from impl.appstate.keys import Keyring, MutationKeys
from impl.appstate.kinds import read, write
from impl.appstate.writing import Intent, make_patch, make_snapshot
from impl.crypto.entropy import Entropy
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch, Snapshot
from tests.vectors import load

SINGLE = load("foreign")["app_state_patch"]
SINGLE_KEYS = load("foreign")["app_state_keys"]
BAILEYS = load("appstate")
NAME = CollectionName(BAILEYS["name"])
KEYS: Keyring = {
    KeyId.decode(bytes.fromhex(key_id)): MutationKeys.derive(bytes.fromhex(data))
    for key_id, data in BAILEYS["keys"].items()
}
PATCHES = [Patch.decode(bytes.fromhex(each["patch"])) for each in BAILEYS["patches"]]
SNAPSHOT = Snapshot.decode(bytes.fromhex(BAILEYS["snapshot"]["snapshot"]))


def states() -> list[Collection]:
    """The collection before the first patch, and after each."""
    collections = [Collection(NAME)]
    for patch in PATCHES:
        collections.append(apply_patch(collections[-1], patch, KEYS).collection)
    return collections


def test_keys_derived_elsewhere() -> None:
    keys = MutationKeys.derive(bytes.fromhex(SINGLE_KEYS["key_data"]))
    assert all(getattr(keys, name).hex() == SINGLE_KEYS[name] for name in keys.__slots__)


def test_a_lone_patch_is_taken_and_written_again() -> None:
    name, key_id = CollectionName(SINGLE["name"]), KeyId.decode(bytes.fromhex(SINGLE["key_id"]))
    keys = {key_id: MutationKeys.derive(bytes.fromhex(SINGLE["key_data"]))}
    encoded = bytes.fromhex(SINGLE["patch"])
    patch = Patch.decode(b"\x0a\x02\x08\x01" + encoded)
    applied = apply_patch(Collection(name), patch, keys)
    assert applied.collection.hash.hex() == SINGLE["hash_after"]
    action = applied.changes[0].entry.action
    assert action.index.decode() == SINGLE["index_json"]
    made = make_patch(Collection(name), [Intent(Operation.SET, action)], key_id, keys, None, drawing(patch))
    assert made.encode() == b"\x0a\x02\x08\x01" + encoded


@pytest.mark.parametrize("number", range(len(PATCHES)))
def test_each_patch_of_a_row(number: int) -> None:
    told: dict[str, Any] = BAILEYS["patches"][number]
    before, patch = states()[number], PATCHES[number]
    applied = apply_patch(before, patch, KEYS)
    assert applied.collection.hash.hex() == told["hash_after"]
    (change,) = applied.changes
    assert (change.operation.name, list(change.entry.action.parts)) == (told["operation"], told["index"])
    intent = Intent(change.operation, change.entry.action)
    made = make_patch(before, [intent], patch.key_id, KEYS, None, drawing(patch))
    assert made == patch
    assert made.encode().hex() == told["patch"]


def test_what_the_actions_say() -> None:
    told = [apply_patch(*each, KEYS).changes[0].entry.action for each in zip(states(), PATCHES, strict=False)]
    read_back = [read(NAME, each) for each in told]
    first = 1755000000
    assert read_back[:5] == [
        Dated(Pin("491@s.whatsapp.net", True), first * 1000),
        Dated(Archive("492@s.whatsapp.net", True, first), first * 1000 + 1),
        Dated(Pin("491@s.whatsapp.net", False), first * 1000 + 2),
        Dated(MarkRead("491@s.whatsapp.net", True, first), first * 1000 + 3),
        Dated(Pin("493-<ä>@g.us", True), first * 1000 + 4),
    ]
    pins = [each for each in zip(read_back, told, strict=True) if each[0] and isinstance(each[0].action, Pin)]
    assert [write(dated) for dated, _ in pins if dated] == [data for _, data in pins]


def test_a_snapshot_comes_to_the_same_as_the_patches() -> None:
    collection = apply_snapshot(Collection(NAME), SNAPSHOT, KEYS).collection
    assert collection == states()[-1]
    assert collection.hash.hex() == BAILEYS["snapshot"]["hash"]
    assert [each.action.index.decode() for each in collection.entries.values()] == BAILEYS["snapshot"]["indexes"]


def test_the_server_makes_the_same_snapshot_of_the_patches() -> None:
    snapshot = None
    for version, patch in enumerate(PATCHES, 1):
        snapshot = make_snapshot(snapshot, patch, version)
    assert snapshot is not None
    assert {each.index_mac: each for each in snapshot.records} == {each.index_mac: each for each in SNAPSHOT.records}
    assert (snapshot.version, snapshot.mac, snapshot.key_id) == (SNAPSHOT.version, SNAPSHOT.mac, SNAPSHOT.key_id)


def drawing(patch: Patch) -> Entropy:
    """The randomness that the author of a patch drew."""
    drawn = iter([each.record.sealed[:16] for each in patch.mutations])
    return lambda _: next(drawn)
