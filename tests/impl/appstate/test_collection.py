"""Patches and snapshots: each check, in its order, and what goes through."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.appstate.collection import (
    Applied,
    Collection,
    apply_patch,
    apply_snapshot,
    hash_after,
    patch_code,
    snapshot_code,
)
from impl.appstate.keys import MutationKeys
from impl.appstate.mutation import encrypt
from impl.appstate.writing import Intent, make_patch, make_snapshot
from impl.crypto.lthash import EMPTY as NOTHING
from impl.crypto.lthash import add
from impl.wire.appstate import CollectionName, ExternalBlob, Mutation, Operation, Patch, Record, Snapshot
from tests.impl.appstate.states import (
    ANOTHER,
    EMPTY,
    ENTROPY,
    KEYS,
    NEW,
    OLD,
    PINNED,
    UNPINNED,
    after,
    patch,
    refused,
    removed,
    set_,
)

ELSEWHERE = replace(EMPTY, name=CollectionName.REGULAR)
HELD = after(EMPTY, set_(PINNED))
NEXT = patch(HELD, set_(UNPINNED, 2), set_(ANOTHER, 3))
SNAPSHOT = make_snapshot(None, patch(EMPTY, set_(PINNED), set_(ANOTHER)), 1)


def flipped(data: bytes, at: int = 0) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def with_first(mutations: tuple[Mutation, ...], **changes: object) -> tuple[Mutation, ...]:
    record: Record = replace(mutations[0].record, **changes)  # type: ignore[arg-type]
    return (replace(mutations[0], record=record), *mutations[1:])


def values(collection: Collection) -> set[bytes]:
    return {each.value_mac for each in collection.entries.values()}


def test_a_patch_sets_replaces_and_removes() -> None:
    applied = apply_patch(HELD, NEXT, KEYS)
    assert [each.entry.action for each in applied.changes] == [set_(UNPINNED, 2).action, set_(ANOTHER, 3).action]
    assert [each.action for each in applied.collection.entries.values()] == [
        each.entry.action for each in applied.changes
    ]
    bare = after(applied.collection, removed(PINNED), removed(ANOTHER))
    assert (bare.version, bare.hash, dict(bare.entries)) == (3, NOTHING, {})


INTENTS = st.lists(
    st.builds(
        lambda make, action, time: make(action, time),
        st.sampled_from([set_, removed]),
        st.sampled_from([PINNED, UNPINNED, ANOTHER]),
        st.integers(0, 9),
    ),
    max_size=4,
)


@given(st.lists(st.tuples(INTENTS, st.sampled_from([OLD, NEW])), max_size=4))
def test_the_hash_is_always_that_of_the_entries(patches: list[tuple[list[Intent], object]]) -> None:
    """And the server, which holds no key, makes a snapshot that says the same."""
    collection, snapshot = EMPTY, None
    for intents, key_id in patches:
        made = make_patch(collection, intents, key_id, KEYS, None, ENTROPY)  # type: ignore[arg-type]
        snapshot = make_snapshot(snapshot, made, collection.version + 1)
        collection = apply_patch(collection, made, KEYS).collection
        assert collection.hash == add(NOTHING, values(collection))
        assert apply_snapshot(EMPTY, snapshot, KEYS).collection == collection
        indexes = [each.action.index for each in collection.entries.values()]
        assert len(set(indexes)) == len(indexes)


EXTERNAL = ExternalBlob(bytes(32), "/path", 1, bytes(32), bytes(32))


@pytest.mark.parametrize(
    ("bent", "check"),
    [
        (replace(NEXT, exit_code=1), "exit_code"),
        (replace(NEXT, version=None), "version"),
        (replace(NEXT, version=HELD.version), "version"),
        (replace(NEXT, version=HELD.version + 2), "version"),
        (replace(NEXT, mutations=(), external=EXTERNAL), "content"),
        (replace(NEXT, key_id=replace(OLD, epoch=9)), "missing_key"),
        (replace(NEXT, mutations=with_first(NEXT.mutations, key_id=replace(OLD, epoch=9))), "missing_key"),
        (replace(NEXT, snapshot_mac=flipped(NEXT.snapshot_mac)), "snapshot_mac"),
        (replace(NEXT, key_id=NEW), "snapshot_mac"),
        (replace(NEXT, mutations=NEXT.mutations[:1]), "snapshot_mac"),
        (
            replace(NEXT, mutations=with_first(NEXT.mutations, blob=flipped(NEXT.mutations[0].record.blob, -1))),
            "snapshot_mac",
        ),
        (replace(NEXT, patch_mac=flipped(NEXT.patch_mac)), "patch_mac"),
        (replace(NEXT, mutations=NEXT.mutations[::-1]), "patch_mac"),
        (
            replace(NEXT, mutations=with_first(NEXT.mutations, blob=flipped(NEXT.mutations[0].record.blob))),
            "value_mac",
        ),
        (replace(NEXT, mutations=with_first(NEXT.mutations, key_id=NEW)), "value_mac"),
    ],
)
def test_each_check_of_a_patch(bent: Patch, check: str) -> None:
    with refused(check):
        apply_patch(HELD, bent, KEYS)


def test_a_record_moved_to_another_free_index() -> None:
    first = patch(EMPTY, set_(PINNED))
    with refused("index_mac"):
        apply_patch(EMPTY, replace(first, mutations=with_first(first.mutations, index_mac=bytes(32))), KEYS)


def test_a_patch_is_for_one_collection() -> None:
    with refused("snapshot_mac"):
        apply_patch(ELSEWHERE, patch(EMPTY, set_(PINNED)), KEYS)


def test_a_patch_is_for_one_state() -> None:
    """The second of two branches is refused if it leads elsewhere, for its author saw something else."""
    other = after(EMPTY, set_(ANOTHER))
    with refused("snapshot_mac"):
        apply_patch(other, patch(HELD, set_(UNPINNED)), KEYS)
    assert set(apply_patch(other, NEXT, KEYS).collection.entries) == set(other.entries) | set(HELD.entries)


def test_missing_keys_are_all_named() -> None:
    made = patch(HELD, set_(PINNED), key_id=NEW)  # removes what lies under the old key
    with refused("missing_key") as refusal:
        apply_patch(HELD, made, {})
    assert set(refusal.value.missing) == {OLD, NEW}


def test_removing_what_is_not_there_is_for_the_hash_to_judge() -> None:
    """Baileys writes such patches: they are taken by who holds as little as the author, and by nobody else."""
    useless = encrypt(Operation.REMOVE, set_(ANOTHER).action, OLD, KEYS[OLD], bytes(16))
    made = with_mutations(HELD, useless)
    assert apply_patch(HELD, made, KEYS).collection.entries == HELD.entries
    with refused("snapshot_mac"):
        apply_patch(replace(after(EMPTY, set_(PINNED), set_(ANOTHER)), version=HELD.version), made, KEYS)


def with_mutations(collection: Collection, *mutations: Mutation) -> Patch:
    """What a device without our scruples writes."""
    end = replace(collection, version=collection.version + 1, hash=hash_after(collection, mutations))
    mac = snapshot_code(end, KEYS[OLD])
    return Patch(end.version, mutations, mac, patch_code(end, mac, mutations, KEYS[OLD]), OLD)


def test_a_snapshot_replaces_everything() -> None:
    unlike = after(EMPTY, set_(ANOTHER, 7))
    applied = apply_snapshot(unlike, replace_version(SNAPSHOT, 2), KEYS)
    assert applied.collection.version == 2
    assert len(applied.collection.entries) == len(applied.changes) == 2


def replace_version(snapshot: Snapshot, version: int) -> Snapshot:
    """The same content, vouched for at another version."""
    state = add(NOTHING, (each.value_mac for each in snapshot.records))
    return replace(snapshot, version=version, mac=snapshot_code(Collection(EMPTY.name, version, state), KEYS[OLD]))


def test_a_snapshot_of_our_version_is_what_we_hold_already() -> None:
    same = apply_snapshot(EMPTY, SNAPSHOT, KEYS).collection
    assert apply_snapshot(same, SNAPSHOT, KEYS).collection == same
    with refused("version"):
        apply_snapshot(after(EMPTY, set_(PINNED)), SNAPSHOT, KEYS)


@pytest.mark.parametrize(
    ("held", "bent", "check"),
    [
        (after(HELD, set_(ANOTHER)), SNAPSHOT, "version"),
        (EMPTY, replace(SNAPSHOT, records=(SNAPSHOT.records[0],) * 2), "content"),
        (EMPTY, replace(SNAPSHOT, key_id=replace(OLD, epoch=9)), "missing_key"),
        (EMPTY, replace(SNAPSHOT, mac=flipped(SNAPSHOT.mac)), "snapshot_mac"),
        (EMPTY, replace(SNAPSHOT, records=SNAPSHOT.records[:1]), "snapshot_mac"),
        (EMPTY, replace(SNAPSHOT, version=2), "snapshot_mac"),
        (EMPTY, replace(SNAPSHOT, key_id=NEW), "snapshot_mac"),
        (ELSEWHERE, SNAPSHOT, "snapshot_mac"),
    ],
)
def test_each_check_of_a_snapshot(held: Collection, bent: Snapshot, check: str) -> None:
    with refused(check):
        apply_snapshot(held, bent, KEYS)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda record: replace(record, blob=flipped(record.blob)), "value_mac"),
        (lambda record: replace(record, index_mac=bytes(32)), "index_mac"),
    ],
)
def test_each_record_of_a_snapshot_is_verified(change, check: str) -> None:  # type: ignore[no-untyped-def]
    bent = replace(SNAPSHOT, records=(change(SNAPSHOT.records[0]), *SNAPSHOT.records[1:]))
    with refused(check):
        apply_snapshot(EMPTY, bent, KEYS)


def test_other_keys_open_nothing() -> None:
    stranger = dict.fromkeys(KEYS, MutationKeys.derive(b"s" * 32))
    with refused("snapshot_mac"):
        apply_patch(EMPTY, patch(EMPTY, set_(PINNED)), stranger)


def test_what_is_refused_changes_nothing() -> None:
    before = replace(HELD, entries=dict(HELD.entries))
    with refused("value_mac"):
        last = replace(NEXT.mutations[1].record, blob=flipped(NEXT.mutations[1].record.blob))
        apply_patch(HELD, replace(NEXT, mutations=(NEXT.mutations[0], replace(NEXT.mutations[1], record=last))), KEYS)
    assert before == HELD


def test_an_empty_patch_is_a_step() -> None:
    assert apply_patch(HELD, patch(HELD), KEYS) == Applied(replace(HELD, version=HELD.version + 1), ())
