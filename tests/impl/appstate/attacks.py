"""What each flaw of app state lets somebody do; true if the harm was done."""

from __future__ import annotations

from dataclasses import replace

from impl.address import Address
from impl.appstate import sharing, syncing
from impl.appstate.collection import apply_patch, apply_snapshot
from impl.appstate.writing import make_snapshot
from impl.wire import content, padding
from impl.wire.appstate import CollectionName, Operation
from impl.wire.content import KeyShare, SyncKey
from tests.impl.appstate.states import ANOTHER, EMPTY, KEYS, NEW, PINNED, after, patch, set_
from tests.impl.household import NOW, Household

FIRST = patch(EMPTY, set_(PINNED), set_(ANOTHER))
SNAPSHOT = make_snapshot(None, FIRST, 1)
HELD = apply_patch(EMPTY, FIRST, KEYS).collection


class Family(Household):
    """Alice with a companion, and Bob, have met."""

    def __init__(self) -> None:
        super().__init__()
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.web = self.companion(self.alice)
        self.introduce()


def put_a_patch_in_place_of_another(_: object) -> bool:
    """The server cannot make the code over version and mutations."""
    apply_patch(EMPTY, replace(FIRST, patch_mac=bytes(32)), KEYS)
    return True


def leave_a_record_out(_: object) -> bool:
    applied = apply_snapshot(EMPTY, replace(SNAPSHOT, records=SNAPSHOT.records[:1]), KEYS)
    return len(applied.collection.entries) == 1


def roll_back(_: object) -> bool:
    newer = after(HELD, set_(PINNED, 2))
    return apply_snapshot(newer, SNAPSHOT, KEYS).collection.version == 1


def read_settings_after_being_unlinked(_: object) -> bool:
    """The companion holds the key under which the phone writes next."""
    family = Family()
    with family.alice.store.transaction():
        sharing.prepare(family.alice, NOW)
    (held,) = family.alice.sync_keys
    family.alice.unlink(1, NOW)
    with family.alice.store.transaction():
        syncing.intend(family.alice, PINNED, Operation.SET, NOW)
        written = syncing.propose(family.alice, CollectionName.REGULAR_LOW)
    return written is not None and written.key_id == held


def share_a_key_as_a_stranger(_: object) -> bool:
    family = Family()
    shared = padding.pad(content.encode(KeyShare((SyncKey(NEW.encode(), bytes(32)),))), family.entropy)
    stanza = family.bob.seal(Address("alice", 1), shared, "id", "peer", NOW)
    with family.web.store.transaction():
        sharing.learn(family.web, stanza)
    return NEW in family.web.sync_keys
