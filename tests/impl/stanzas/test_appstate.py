"""App state in stanzas, as wire.md, section 11.4, has it."""

from __future__ import annotations

import pytest

from impl.dialogue import CollectionAsk, CollectionsChanged, SyncCollections
from impl.stanzas.appstate import Changed, Sync
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import WEB, carried, changed, element, without
from tests.impl.stanzas.samples import HIGH, LOW, SYNC, SYNCED


def question() -> Node:
    (node,) = Sync().ask(SYNC, WEB)
    return node


def reply() -> Node:
    return carried(Sync().answer(question(), SYNC, SYNCED))


def test_a_device_says_where_it_stands() -> None:
    assert shown(question()) == (
        '<iq to="s.whatsapp.net" type="set" xmlns="w:sync:app:state"><sync>'
        '<collection name="regular_high" version="7" return_snapshot="false"><patch>patch</patch></collection>'
        '<collection name="regular_low" version="0" return_snapshot="true"/>'
        '<collection name="critical_block" version="2" return_snapshot="false"/></sync></iq>'
    )


def test_it_is_told_what_it_lacks() -> None:
    assert shown(reply()) == (
        '<iq from="s.whatsapp.net" type="result"><sync>'
        '<collection name="regular_high" type="error"><error code="409"/>'
        "<patches><patch>theirs</patch><patch>more</patch></patches></collection>"
        '<collection name="regular_low"><snapshot>reference</snapshot>'
        "<patches><patch>newer</patch></patches></collection>"
        '<collection name="critical_block"><patches/></collection></sync></iq>'
    )


def test_whoever_wants_a_snapshot_may_have_no_version() -> None:
    collection = element("collection", name="regular_low", return_snapshot="true")
    node = element("iq", element("sync", collection), type="set", xmlns="w:sync:app:state")
    assert Sync().asked(carried(node), WEB) == SyncCollections((CollectionAsk(LOW, 0, None, True),))


@pytest.mark.parametrize(
    "collection",
    [
        element("collection", version="0"),
        element("collection", name="secrets", version="0"),
        element("collection", name="regular", version="-1"),
        element("collection", name="regular", version=str(1 << 63)),
        element("collection", element("patch"), name="regular", version="0"),
        element("collection", Node("patch", content=b""), name="regular", version="0"),
        element("collection", *[Node("patch", content=b"x")] * 2, name="regular", version="0"),
    ],
)
def test_a_collection_has_a_name_a_version_and_one_patch(collection: Node) -> None:
    with pytest.raises(DecodeError):
        Sync().asked(element("iq", element("sync", collection)), WEB)


def test_no_collection_twice() -> None:
    (first, *_) = question().content[0].content
    with pytest.raises(DecodeError):
        Sync().asked(changed(question(), (first, first), "sync"), WEB)
    (answer, *_) = reply().content[0].content
    with pytest.raises(DecodeError):
        Sync().answered(SYNC, changed(reply(), (answer, answer), "sync"))


def test_no_collection_that_nobody_asked_for() -> None:
    with pytest.raises(DecodeError):
        Sync().answered(SyncCollections(SYNC.collections[:1]), reply())


@pytest.mark.parametrize(
    "wrong",
    [
        without(reply(), "sync"),
        without(reply(), "sync", "collection", "@name"),
        element("iq", element("sync", element("collection", name="regular_low", type="error")), type="result"),
        element(
            "iq",
            element("sync", element("collection", Node("snapshot", content=bytes(4097)), name="regular_low")),
            type="result",
        ),
    ],
)
def test_answers_within_bounds(wrong: Node) -> None:
    with pytest.raises(DecodeError):
        Sync().answered(SYNC, wrong)


def test_another_device_has_written() -> None:
    assert shown(Changed().tell(CollectionsChanged((HIGH,)), WEB)) == (
        '<notification from="s.whatsapp.net" type="server_sync"><collection name="regular_high"/></notification>'
    )
    real = element("collection", name="regular_high", version="12")
    node = element("notification", real, real, type="server_sync")
    assert Changed().told(carried(node), WEB) == CollectionsChanged((HIGH,))
    for wrong in (without(node, "collection"), element("notification", element("collection", name="secrets"))):
        with pytest.raises(DecodeError):
            Changed().told(wrong, WEB)
