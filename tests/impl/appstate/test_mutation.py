from dataclasses import replace

import pytest

from impl.appstate.mutation import decrypt, encrypt
from impl.crypto import cbc
from impl.wire.actiondata import ActionData
from impl.wire.appstate import Operation
from tests.impl.appstate.states import KEYS, NEW, OLD, PINNED, refused, set_

ACTION = set_(PINNED).action
IV = b"i" * 16
SET = encrypt(Operation.SET, ACTION, OLD, KEYS[OLD], IV)


@pytest.mark.parametrize("operation", Operation)
def test_what_is_encrypted_opens(operation: Operation) -> None:
    mutation = encrypt(operation, ACTION, OLD, KEYS[OLD], IV)
    change = decrypt(mutation, KEYS[OLD])
    assert (change.operation, change.index_mac, change.entry.action) == (operation, mutation.record.index_mac, ACTION)
    assert (change.entry.value_mac, change.entry.key_id) == (mutation.record.value_mac, OLD)


@pytest.mark.parametrize("at", [0, 16, -33, -32, -1])
def test_every_part_of_the_blob_is_authentic(at: int) -> None:
    blob = bytearray(SET.record.blob)
    blob[at] ^= 1
    with refused("value_mac"):
        decrypt(replace(SET, record=replace(SET.record, blob=bytes(blob))), KEYS[OLD])


def test_the_operation_and_the_key_id_are_authentic() -> None:
    with refused("value_mac"):
        decrypt(replace(SET, operation=Operation.REMOVE), KEYS[OLD])
    with refused("value_mac"):
        decrypt(replace(SET, record=replace(SET.record, key_id=NEW)), KEYS[OLD])


def test_the_index_is_authentic() -> None:
    with refused("index_mac"):
        decrypt(replace(SET, record=replace(SET.record, index_mac=bytes(32))), KEYS[OLD])


def test_authentic_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = encrypt(Operation.SET, ActionData(b'{"no": "array"}', b"", 1), OLD, KEYS[OLD], IV)
    with refused("content"):
        decrypt(nonsense, KEYS[OLD])
    monkeypatch.setattr(cbc, "encrypt", lambda key, iv, plaintext: bytes(32))
    with refused("content"):
        decrypt(encrypt(Operation.SET, ACTION, OLD, KEYS[OLD], IV), KEYS[OLD])
