"""App state: every action set, some changed and removed, and what is left, as a snapshot and in the clear."""

from __future__ import annotations

import gzip
from dataclasses import replace

from impl.appstate.actions import (
    Action,
    Archive,
    ClearChat,
    Contact,
    Dated,
    DeleteChat,
    DeleteMessage,
    KeyExpired,
    LabelChat,
    LabelEdit,
    LabelMessage,
    Locale,
    MarkRead,
    Mute,
    Pin,
    PushName,
    Star,
    UnarchiveChats,
)
from impl.appstate.collection import Collection, apply_patch, apply_snapshot
from impl.appstate.keys import MutationKeys
from impl.appstate.kinds import write
from impl.appstate.recovery import recover
from impl.appstate.writing import Intent, make_patch, make_snapshot
from impl.crypto import media
from impl.crypto.entropy import Entropy
from impl.wire.actiondata import ActionData, encode_index
from impl.wire.appstate import CollectionName, ExternalBlob, KeyId, Operation, Patch, encode_mutations
from impl.wire.recovery import PlainRecord, Recovery

NOW = 1626220800
CHAT, GROUP, ID = "15550002@s.whatsapp.net", "120363000000000001@g.us", "3EB0C431"
KEY_ID = KeyId(0, 1)
ACTIONS: tuple[Action, ...] = (
    PushName("ünïcödé 🙂"),
    Locale("en_GB"),
    Contact(CHAT, "Bob B.", "Bob", "1@lid", CHAT, "bob", True),
    Mute(CHAT, True, -1),
    Star(GROUP, ID, False, CHAT, True),
    DeleteMessage(CHAT, ID, True, None, True, NOW),
    ClearChat(CHAT, False, True, NOW),
    DeleteChat(CHAT, True),
    LabelEdit("1", "new", 3, 0, False),
    LabelChat("1", CHAT, True),
    LabelMessage("1", GROUP, ID, True, None, False),
    Pin(CHAT, True),
    Archive(CHAT, True, NOW),
    MarkRead(CHAT, False),
    UnarchiveChats(True),
    KeyExpired("regular", 1),
)


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of each target by name."""
    actions = [write(Dated(action, NOW * 1000)) for action in ACTIONS]
    unspoken = ActionData(encode_index(("favouriteStickers", '"\\')), b"", 7)
    return _collection(entropy, actions[-5:]) | {
        "app-state-data": [each.encode() for each in actions],
        "app-state-action": [each.encode() for each in (*actions, unspoken)],
        "app-state-index": [each.index for each in (*actions, unspoken)] + [b'[ "\\u00e9", "\\ud83d\\ude42" ]'],
    }


def _collection(entropy: Entropy, actions: list[ActionData]) -> dict[str, list[bytes]]:
    keys = {KEY_ID: MutationKeys.derive(entropy(32))}
    collection, snapshot = Collection(CollectionName.REGULAR_LOW), None
    patches: list[Patch] = []
    snapshots, mutations = [], []
    for intents in (
        [Intent(Operation.SET, each) for each in actions],
        [Intent(Operation.SET, actions[0]), Intent(Operation.REMOVE, actions[1])],
    ):
        patch = make_patch(collection, intents, KEY_ID, keys, 3, entropy)
        collection = apply_patch(collection, patch, keys).collection
        snapshot = make_snapshot(snapshot, patch, collection.version)
        apply_snapshot(Collection(collection.name), snapshot, keys)
        patches.append(patch)
        snapshots.append(snapshot.encode())
        mutations.append(encode_mutations(patch.mutations))
    file = media.seal(snapshots[-1], entropy(32), media.APP_STATE)
    blob = ExternalBlob(entropy(32), "/1", file.length, file.sha256, file.enc_sha256, "handle")
    recovery = _recovery(collection)
    recover(Collection(collection.name), Recovery.decode(recovery, compressed=False), keys)
    return {
        "app-state-patch": [each.encode() for each in (*patches, replace(patches[0], mutations=(), external=blob))],
        "app-state-snapshot": snapshots,
        "app-state-mutations": mutations,
        "app-state-file": [blob.encode()],
        "app-state-recovery": [recovery],
        "app-state-recovery-gzip": [gzip.compress(recovery, mtime=0)],
    }


def _recovery(collection: Collection) -> bytes:
    records = tuple(PlainRecord(each.action, each.key_id, each.value_mac) for each in collection.entries.values())
    return Recovery(collection.version, collection.name, records, collection.hash).encode()
