"""Prekeys in stanzas, as wire.md, sections 7.6 and 7.7, has them."""

from __future__ import annotations

import pytest

from impl.dialogue import FetchBundles, PrekeysLow, PublishPrekeys
from impl.stanzas.bundles import key_nodes, read_bundle
from impl.stanzas.prekeys import Count, Fetch, Low, Publish
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server
from tests.impl.stanzas.carrying import ALICE, BOB, TABLET, WEB, carried, changed, element, without
from tests.impl.stanzas.samples import BARE, BUNDLES, FULL, UPLOAD

SKEY = f"<skey><id>050607</id><value>{'0c' * 32}</value><signature>{'0d' * 32}… 64 bytes</signature></skey>"
FETCH = FetchBundles((BOB, TABLET))


def upload() -> Node:
    (node,) = Publish().ask(UPLOAD, WEB)
    return node


def reply() -> Node:
    (node,) = Fetch().ask(FETCH, WEB)
    return carried(Fetch().answer(node, FETCH, BUNDLES[1:]))


def test_a_device_publishes_its_keys() -> None:
    assert shown(upload()) == (
        '<iq to="s.whatsapp.net" type="set" xmlns="encrypt"><registration>01020304</registration><type>05</type>'
        f"<identity>{'0b' * 32}</identity><list>"
        f"<key><id>000008</id><value>{'0e' * 32}</value></key><key><id>000009</id><value>{'0f' * 32}</value></key>"
        f"</list>{SKEY}</iq>"
    )


def test_the_order_of_the_parts_has_no_meaning() -> None:
    node = upload()
    assert Publish().is_asked(changed(node, node.content[::-1]))
    assert Publish().asked(changed(node, node.content[::-1]), WEB) == UPLOAD


def test_a_device_identity_is_not_published() -> None:
    (node,) = Publish().ask(PublishPrekeys(FULL), WEB)
    assert Publish().asked(node, WEB) == PublishPrekeys(BARE)


@pytest.mark.parametrize(
    "path",
    [
        ("registration",),
        ("type",),
        ("identity",),
        ("list", "key", "id"),
        ("list", "key", "value"),
        ("skey",),
        ("skey", "id"),
        ("skey", "value"),
        ("skey", "signature"),
    ],
    ids="/".join,
)
def test_nothing_is_left_out_and_lengths_are_exact(path: tuple[str, ...]) -> None:
    for wrong in (without(upload(), *path), changed(upload(), bytes(5), *path)):
        with pytest.raises(DecodeError):
            Publish().asked(wrong, WEB)


def test_there_is_a_list_even_of_no_keys() -> None:
    assert Publish().asked(changed(upload(), (), "list"), WEB) == PublishPrekeys(BARE)
    with pytest.raises(DecodeError):
        Publish().asked(without(upload(), "list"), WEB)


def test_keys_have_an_id_of_their_own_and_the_known_type() -> None:
    (key, *_) = upload().content[3].content
    for wrong in (changed(upload(), (key, key), "list"), changed(upload(), b"\x06", "type")):
        with pytest.raises(DecodeError):
            Publish().asked(wrong, WEB)


def test_how_many_are_left() -> None:
    (node,) = Count().ask(Count.request(), WEB)
    assert shown(node) == '<iq to="s.whatsapp.net" type="get" xmlns="encrypt"><count/></iq>'
    assert shown(Count().answer(node, Count.request(), 7)) == (
        '<iq from="s.whatsapp.net" type="result"><count value="7"/></iq>'
    )


def test_a_bundle_is_fetched() -> None:
    (node,) = Fetch().ask(FETCH, WEB)
    assert shown(node) == (
        '<iq to="s.whatsapp.net" type="get" xmlns="encrypt"><key><user jid="15550001002@s.whatsapp.net"/>'
        '<user jid="15550001002:1@s.whatsapp.net"/></key></iq>'
    )
    assert shown(Fetch().answer(node, FETCH, ((BOB, BARE),))) == (
        '<iq from="s.whatsapp.net" type="result"><list><user jid="15550001002@s.whatsapp.net">'
        f"<registration>01020304</registration><type>05</type><identity>{'0b' * 32}</identity>{SKEY}</user></list></iq>"
    )


def test_whoever_is_asked_for_by_lid_is_answered_so() -> None:
    lid = Jid("915550001002", Server.LID, 1)
    node = element("iq", element("key", element("user", jid=lid, reason="identity")), type="get", xmlns="encrypt")
    request = Fetch().asked(carried(node), WEB)
    assert request == FetchBundles((TABLET,))
    assert Fetch().answer(node, request, BUNDLES[1:]).content[0].content[0].attrs["jid"] == lid


def test_nobody_is_asked_for_and_nobody_has_a_bundle() -> None:
    node = carried(element("iq", element("key"), type="get", xmlns="encrypt"))
    assert Fetch().asked(node, WEB) == FetchBundles(())
    assert shown(Fetch().answer(node, FetchBundles(()), ())) == '<iq from="s.whatsapp.net" type="result"><list/></iq>'


def test_real_servers_name_those_without_a_bundle() -> None:
    error = element("user", element("error", code="404", text="item-not-found"), jid=Jid(BOB.user, Server.USER))
    both = changed(reply(), (error, *reply().content[0].content), "list")
    assert Fetch().answered(FETCH, both) == BUNDLES[1:]


def test_only_those_asked_for_and_each_once() -> None:
    with pytest.raises(DecodeError):
        Fetch().answered(FetchBundles((BOB,)), reply())
    (user,) = reply().content[0].content
    with pytest.raises(DecodeError):
        Fetch().answered(FETCH, changed(reply(), (user, user), "list"))


@pytest.mark.parametrize("part", ["registration", "type", "identity", "skey", "key/id", "key/value", "skey/signature"])
def test_a_bundle_lacks_nothing(part: str) -> None:
    with pytest.raises(DecodeError):
        Fetch().answered(FETCH, without(reply(), "list", "user", *part.split("/")))


def test_what_a_bundle_may_lack() -> None:
    bare = without(without(reply(), "list", "user", "key"), "list", "user", "device-identity")
    assert Fetch().answered(FETCH, bare) == ((TABLET, BARE),)
    with pytest.raises(DecodeError):
        Fetch().answered(FETCH, changed(reply(), bytes(501), "list", "user", "device-identity"))


def test_bundles_are_the_same_in_other_places() -> None:
    assert read_bundle(carried(Node("keys", content=key_nodes(FULL))), FULL.registration_id) == FULL


def test_few_are_left() -> None:
    node = Low().tell(PrekeysLow(4), WEB)
    assert shown(node) == '<notification from="s.whatsapp.net" type="encrypt"><count value="4"/></notification>'
    assert carried(node).attrs["from"] == Jid("", Server.USER)  # Baileys compares it as "@s.whatsapp.net"
    with pytest.raises(DecodeError):
        Low().told(without(node, "count", "@value"), ALICE)
