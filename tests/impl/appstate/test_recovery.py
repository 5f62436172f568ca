from dataclasses import replace

import pytest

from impl.appstate.collection import Collection
from impl.appstate.recovery import recover
from impl.wire.appstate import CollectionName
from impl.wire.recovery import PlainRecord, Recovery
from tests.impl.appstate.states import ANOTHER, EMPTY, KEYS, OLD, PINNED, UNPINNED, after, refused, set_

WHOLE = after(after(EMPTY, set_(PINNED), set_(ANOTHER)), set_(UNPINNED))
BROKEN = after(EMPTY, set_(ANOTHER))
RECOVERY = Recovery(
    WHOLE.version,
    WHOLE.name,
    tuple(PlainRecord(each.action, each.key_id, each.value_mac) for each in WHOLE.entries.values()),
    WHOLE.hash,
)
RECORD = RECOVERY.records[0]


def test_a_broken_collection_becomes_what_the_phone_has() -> None:
    assert recover(BROKEN, RECOVERY, KEYS) == WHOLE


@pytest.mark.parametrize(
    ("held", "bent", "check"),
    [
        (BROKEN, replace(RECOVERY, name=CollectionName.REGULAR), "collection"),
        (WHOLE, RECOVERY, "version"),
        (BROKEN, replace(RECOVERY, records=(replace(RECORD, key_id=replace(OLD, epoch=9)),)), "missing_key"),
        (BROKEN, replace(RECOVERY, records=(RECORD, RECORD)), "content"),
        (BROKEN, replace(RECOVERY, records=(RECORD,)), "lthash"),
        (BROKEN, replace(RECOVERY, records=(*RECOVERY.records[1:], replace(RECORD, value_mac=bytes(32)))), "lthash"),
        (BROKEN, replace(RECOVERY, hash=bytes(128)), "lthash"),
    ],
)
def test_each_check(held: Collection, bent: Recovery, check: str) -> None:
    with refused(check):
        recover(held, bent, KEYS)
