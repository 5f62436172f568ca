"""Keys, actions and collections for the tests of app state, and what every refusal test asserts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from impl.appstate.actions import Action, Dated, Pin
from impl.appstate.collection import Collection, apply_patch
from impl.appstate.errors import AppStateError
from impl.appstate.keys import Keyring, MutationKeys
from impl.appstate.kinds import write
from impl.appstate.writing import Intent, make_patch
from impl.crypto.entropy import seeded
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch

OLD, NEW = KeyId(0, 1), KeyId(3, 2)
KEYS: Keyring = {OLD: MutationKeys.derive(b"o" * 32), NEW: MutationKeys.derive(b"n" * 32)}
EMPTY = Collection(CollectionName.REGULAR_LOW)
PINNED = Pin("1@s.whatsapp.net", True)
UNPINNED = Pin("1@s.whatsapp.net", False)
ANOTHER = Pin("2@s.whatsapp.net", True)

ENTROPY = seeded(b"app state")


def set_(action: Action, timestamp: int = 1) -> Intent:
    return Intent(Operation.SET, write(Dated(action, timestamp)))


def removed(action: Action, timestamp: int = 1) -> Intent:
    return Intent(Operation.REMOVE, write(Dated(action, timestamp)))


def patch(collection: Collection, *intents: Intent, key_id: KeyId = OLD) -> Patch:
    """The next patch of a device that holds both keys."""
    return make_patch(collection, intents, key_id, KEYS, None, ENTROPY)


def after(collection: Collection, *intents: Intent, key_id: KeyId = OLD) -> Collection:
    return apply_patch(collection, patch(collection, *intents, key_id=key_id), KEYS).collection


@contextmanager
def refused(check: str) -> Iterator[pytest.ExceptionInfo[AppStateError]]:
    """The block ends in the refusal of `check`."""
    with pytest.raises(AppStateError) as refusal:
        yield refusal
    assert refusal.value.check == check, refusal.value
