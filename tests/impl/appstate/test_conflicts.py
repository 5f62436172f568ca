"""Who wins."""

import itertools
from dataclasses import replace

import pytest

from impl.appstate.actions import Archive
from impl.appstate.collection import apply_patch
from impl.appstate.conflicts import current, rebased
from impl.appstate.mutation import Entry
from impl.wire.appstate import KeyId
from tests.impl.appstate.states import ANOTHER, EMPTY, KEYS, OLD, PINNED, UNPINNED, patch, removed, set_

CHAT = "1@s.whatsapp.net"


def test_the_later_of_two_entries_counts() -> None:
    early, late = Entry(bytes(32), OLD, set_(PINNED, 1).action), Entry(bytes(32), OLD, set_(UNPINNED, 2).action)
    for macs in itertools.permutations([b"a", b"b"]):
        entries = dict(zip(macs, (early, late), strict=True))
        assert current(replace(EMPTY, entries=entries)) == {("pin_v1", CHAT): late}


def test_of_the_same_moment_the_larger_mac_counts_in_any_order() -> None:
    one, two = Entry(bytes(32), OLD, set_(PINNED, 1).action), Entry(bytes(32), KeyId(9, 9), set_(UNPINNED, 1).action)
    for entries in ({b"a": one, b"b": two}, {b"b": two, b"a": one}):
        assert current(replace(EMPTY, entries=entries)) == {("pin_v1", CHAT): two}


def test_an_index_is_the_same_however_it_is_spelt() -> None:
    spelt = replace(set_(UNPINNED, 2).action, index=b'[ "pin_v1", "1\\u0040s.whatsapp.net" ]')
    entries = {b"b": Entry(bytes(32), OLD, set_(PINNED, 1).action), b"a": Entry(bytes(32), OLD, spelt)}
    assert [each.action for each in current(replace(EMPTY, entries=entries)).values()] == [spelt]


@pytest.mark.parametrize(("ours", "kept"), [(4, False), (5, False), (6, True)])
@pytest.mark.parametrize("theirs", [set_(PINNED, 5), removed(PINNED, 5)])
def test_an_intent_that_came_late_yields_to_what_is_newer(ours: int, kept: bool, theirs) -> None:  # type: ignore[no-untyped-def]
    held = apply_patch(EMPTY, patch(EMPTY, set_(PINNED, 1)), KEYS).collection
    changes = apply_patch(held, patch(held, theirs, set_(ANOTHER, 9)), KEYS).changes
    intent, unrelated = set_(UNPINNED, ours), set_(Archive(CHAT, True), 1)
    assert rebased([intent, unrelated], changes) == ((intent, unrelated) if kept else (unrelated,))
