"""What a device writes; tests/impl/appstate/test_foreign.py compares it with what others write."""

from dataclasses import replace

from impl.appstate.collection import apply_patch
from impl.appstate.kinds import timestamp_of
from impl.appstate.mutation import decrypt
from impl.appstate.writing import Intent, make_patch, make_snapshot
from impl.wire.appstate import KeyId, Operation
from impl.wire.pb.syncaction_pb2 import SyncActionValue
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

HELD = after(EMPTY, set_(PINNED))


def operations(*intents: Intent, key_id: KeyId = OLD) -> list[tuple[Operation, KeyId]]:
    made = patch(HELD, *intents, key_id=key_id)
    return [(each.operation, each.record.key_id) for each in made.mutations]


def test_the_patch_names_its_author() -> None:
    assert make_patch(HELD, [], OLD, KEYS, 5, ENTROPY).device_index == 5


def test_one_key_sets_and_replaces_in_place() -> None:
    assert operations(set_(UNPINNED)) == [(Operation.SET, OLD)]


def test_under_a_new_key_the_old_entry_goes() -> None:
    assert operations(set_(UNPINNED), key_id=NEW) == [(Operation.REMOVE, OLD), (Operation.SET, NEW)]
    assert operations(set_(ANOTHER), key_id=NEW) == [(Operation.SET, NEW)]
    twice = after(HELD, set_(UNPINNED), set_(PINNED), key_id=NEW)
    assert [each.key_id for each in twice.entries.values()] == [NEW]


def test_the_old_key_is_not_told_the_new_value() -> None:
    made = patch(HELD, set_(UNPINNED, 7), key_id=NEW)
    told, said = (decrypt(each, KEYS[each.record.key_id]).entry.action for each in made.mutations)
    assert told.index == said.index and timestamp_of(told) == timestamp_of(said) == 7
    assert SyncActionValue.FromString(said.value).HasField("pinAction")
    assert not SyncActionValue.FromString(told.value).HasField("pinAction")


def test_what_is_removed_is_removed_where_it_lies() -> None:
    assert operations(removed(PINNED), key_id=NEW) == [(Operation.REMOVE, OLD)]
    assert operations(removed(ANOTHER)) == []
    assert operations(set_(ANOTHER), removed(ANOTHER)) == [(Operation.SET, OLD), (Operation.REMOVE, OLD)]
    assert operations(removed(PINNED), removed(PINNED)) == [(Operation.REMOVE, OLD)]


def test_every_mutation_has_randomness_of_its_own() -> None:
    made = patch(EMPTY, set_(PINNED), set_(ANOTHER), set_(PINNED))
    assert len({each.record.sealed[:16] for each in made.mutations}) == 3


def test_without_the_key_nothing_is_written() -> None:
    with refused("missing_key"):
        make_patch(EMPTY, [], replace(OLD, epoch=9), KEYS, None, ENTROPY)


def test_the_server_numbers_a_patch() -> None:
    made = replace(patch(HELD, set_(ANOTHER)), version=None)
    snapshot = make_snapshot(None, made, 2)
    assert snapshot.version == 2
    with refused("version"):
        apply_patch(HELD, made, KEYS)
