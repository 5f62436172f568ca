"""App state: patches and snapshots that one side writes and the other takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from impl.appstate.actions import Action, Archive, Dated, Mute, Pin
from impl.appstate.collection import Collection, apply_patch
from impl.appstate.errors import AppStateError
from impl.appstate.keys import Keyring, MutationKeys
from impl.appstate.kinds import write
from impl.appstate.writing import Intent, make_patch, make_snapshot
from impl.crypto import lthash
from impl.crypto.entropy import seeded
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch, Snapshot

ENTROPY = seeded(b"interop app state")
NAME = CollectionName.REGULAR_LOW
OLD, NEW = KeyId(0, 1), KeyId(3, 2)
SHARED = {OLD: b"o" * 32, NEW: b"n" * 32}
KEYS: Keyring = {key_id: MutationKeys.derive(data) for key_id, data in SHARED.items()}
READERS = ("baileys", "pyaileys", "pywhats")
"""WAeys has the hash alone."""

CHATS = [f"1555000{number}@s.whatsapp.net" for number in range(5)]
STORY: list[tuple[KeyId, list[tuple[Operation, Action]]]] = [
    (OLD, [(Operation.SET, Pin(CHATS[0], True))]),
    (OLD, [(Operation.SET, Archive(CHATS[1], True)), (Operation.SET, Mute(CHATS[2], True, 1700000000000))]),
    (OLD, [(Operation.SET, Pin(CHATS[0], False))]),
    (OLD, [(Operation.REMOVE, Archive(CHATS[1], True))]),
    (NEW, [(Operation.SET, Pin(CHATS[3], True)), (Operation.SET, Pin(CHATS[0], True))]),
    (NEW, [(Operation.SET, Mute(CHATS[2], False))]),
]
"""What our devices do one after the other; keys are rotated in between."""


def told() -> list[tuple[Patch, Collection]]:
    """Each patch of the story, and the collection afterwards."""
    collection, patches = Collection(NAME), []
    for number, (key_id, actions) in enumerate(STORY):
        intents = [Intent(operation, write(Dated(action, number + 1))) for operation, action in actions]
        patch = make_patch(collection, intents, key_id, KEYS, None, ENTROPY)
        collection = apply_patch(collection, patch, KEYS).collection
        patches.append((patch, collection))
    return patches


PATCHES = told()


def snapshot() -> Snapshot:
    made = None
    for version, (patch, _) in enumerate(PATCHES, 1):
        made = make_snapshot(made, patch, version)
    assert made is not None
    return made


def begin(peer: Shim) -> None:
    shared = [(key_id.encode(), data) for key_id, data in SHARED.items()]
    peer.call("collection", name=NAME.value, shared=shared)


def indexes(changes: list[dict[str, Any]]) -> list[list[str]]:
    return sorted(change["index"] for change in changes)


@pytest.mark.only(*READERS)
def test_they_take_our_patches(peer: Shim) -> None:
    begin(peer)
    before = Collection(NAME)
    for patch, after in PATCHES:
        taken = peer.call("apply_patch", data=patch.encode())
        assert taken["hash"] == after.hash
        ours = [list(change.entry.action.parts) for change in apply_patch(before, patch, KEYS).changes]
        assert indexes(taken["changes"]) == sorted(ours)
        before = after


@pytest.mark.only(*READERS)
def test_they_take_our_snapshot_and_the_patch_after_it(peer: Shim) -> None:
    begin(peer)
    _, last = PATCHES[-1]
    taken = peer.call("apply_snapshot", data=snapshot().encode())
    assert taken["hash"] == last.hash
    assert indexes(taken["changes"]) == sorted(list(each.action.parts) for each in last.entries.values())
    intent = Intent(Operation.SET, write(Dated(Pin(CHATS[3], False), 9)))
    patch = make_patch(last, [intent], NEW, KEYS, None, ENTROPY)
    after = apply_patch(last, patch, KEYS).collection
    assert peer.call("apply_patch", data=patch.encode())["hash"] == after.hash


@pytest.mark.only("baileys")
def test_we_take_their_patches(peer: Shim) -> None:
    begin(peer)
    collection = Collection(NAME)
    for number, (chat, pinned) in enumerate([(CHATS[0], True), (CHATS[1], True), (CHATS[0], False)]):
        action = write(Dated(Pin(chat, pinned), number + 1))
        asked = {"key_id": OLD.encode(), "index": list(action.parts), "action": action.encode(), "remove": False}
        made = peer.call("make_patch", **asked)
        patch = replace(Patch.decode(made["patch"]), version=collection.version + 1)
        applied = apply_patch(collection, patch, KEYS)
        assert applied.changes[0].entry.action == action
        collection = applied.collection
        assert collection.hash == made["hash"]


@pytest.mark.parametrize("count", [0, 1, 50])
def test_the_hash(peer: Shim, count: int) -> None:
    items = [ENTROPY(32) for _ in range(count)]
    added = peer.call("lthash", state=lthash.EMPTY, removed=[], added=items)
    assert added == lthash.add(lthash.EMPTY, items)
    assert peer.call("lthash", state=added, removed=items, added=[]) == lthash.EMPTY


def forged(number: int, **changes: Any) -> bytes:
    """One of the patches, with something else in it."""
    return replace(PATCHES[number][0], **changes).encode()


@pytest.mark.only(*READERS)
def test_a_patch_with_another_code_is_refused(peer: Shim) -> None:
    begin(peer)
    peer.call("apply_patch", data=PATCHES[0][0].encode())
    with pytest.raises(Refused, match=r"(?i)patch ?mac"):
        peer.call("apply_patch", data=forged(1, patch_mac=bytes(32)))


@pytest.mark.only(*READERS)
@pytest.mark.difference("patch-left-out")
def test_a_patch_that_was_left_out(peer: Shim) -> None:
    """The version and the snapshot code of the next one tell."""
    begin(peer)
    peer.call("apply_patch", data=PATCHES[0][0].encode())
    with pytest.raises(AppStateError, match="version"):
        apply_patch(PATCHES[0][1], PATCHES[2][0], KEYS)
    if peer.peer.name == "baileys":  # the function; its caller compares the snapshot code, and goes on with a warning
        assert peer.call("apply_patch", data=PATCHES[2][0].encode())["hash"] != PATCHES[2][1].hash
    else:
        with pytest.raises(Refused, match=r"(?i)snapshot ?mac"):
            peer.call("apply_patch", data=PATCHES[2][0].encode())


@pytest.mark.only(*READERS)
@pytest.mark.difference("first-patch")
def test_the_first_patch_has_codes_too(peer: Shim) -> None:
    begin(peer)
    wrong = forged(0, snapshot_mac=bytes(32), patch_mac=bytes(32))
    with pytest.raises(AppStateError, match="snapshot_mac"):
        apply_patch(Collection(NAME), Patch.decode(wrong), KEYS)
    if peer.peer.name == "pyaileys":
        assert peer.call("apply_patch", data=wrong)["hash"] == PATCHES[0][1].hash
    else:
        with pytest.raises(Refused, match=r"(?i)mac"):
            peer.call("apply_patch", data=wrong)


@pytest.mark.only(*READERS)
@pytest.mark.difference("snapshot-code")
def test_a_snapshot_without_one_of_its_records(peer: Shim) -> None:
    begin(peer)
    whole = snapshot()
    less = replace(whole, records=whole.records[1:]).encode()
    if peer.peer.name == "baileys":
        assert len(peer.call("apply_snapshot", data=less)["changes"]) == len(whole.records) - 1
    else:
        with pytest.raises(Refused, match=r"(?i)snapshot mac"):
            peer.call("apply_snapshot", data=less)
