"""Linking in stanzas, each as wire.md, section 2.1, has it."""

from __future__ import annotations

import pytest

from impl.dialogue import (
    ConfirmLinking,
    Declined,
    Done,
    PairSuccess,
    Unlink,
)
from impl.stanzas import connection, directory, linking
from impl.stanzas.linking import CONFIRM, Approve, Joined, Remove, Succeeded
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import (
    ALICE,
    NOISE,
    WEB,
    answered,
    asked,
    carried,
    changed,
    element,
    refusal,
    told,
    without,
)
from tests.impl.stanzas.samples import APPROVAL, CONFIRMATION, CONTAINER, INDEX, LINKED, LIST, SECOND, SUCCESS


def approval() -> Node:
    (node,) = Approve().ask(APPROVAL, ALICE)
    return node


def success() -> Node:
    return Succeeded().tell(SUCCESS, NOISE)


def test_references_arrive_in_order() -> None:
    node = linking.pair_device(("2@first", "2@second"))
    assert shown(node) == (
        '<iq from="s.whatsapp.net" type="set" xmlns="md">'
        "<pair-device><ref>2@first</ref><ref>2@second</ref></pair-device></iq>"
    )
    assert linking.is_pair_device(carried(node))
    assert linking.read_refs(carried(node)) == ("2@first", "2@second")


@pytest.mark.parametrize(
    "refs",
    [(), ("",), ("a#b",), ("a\nb",), ("é",), ("x" * 257,), tuple(map(str, range(17)))],
    ids=lambda refs: repr(refs)[:9],
)
def test_references_are_what_a_qr_can_begin_with(refs: tuple[str, ...]) -> None:
    with pytest.raises(DecodeError):
        linking.read_refs(carried(linking.pair_device(refs)))


def test_the_approval_of_a_phone() -> None:
    assert shown(approval()) == (
        '<iq to="s.whatsapp.net" type="set" xmlns="md"><pair-device>'
        f"<pub-key>{NOISE.hex()}</pub-key>"
        f"<device-identity>{CONTAINER[:32].hex()}… {len(CONTAINER)} bytes</device-identity>"
        f'<key-index-list ts="{SECOND}">{LIST[:32].hex()}… {len(LIST)} bytes</key-index-list>'
        "</pair-device></iq>"
    )
    assert asked(Approve(), APPROVAL, ALICE) == [APPROVAL]
    assert answered(Approve(), APPROVAL, WEB, ALICE) == WEB
    assert not linking.is_pair_device(approval())


def test_real_phones_say_more_in_their_approval() -> None:
    (pairing,) = approval().content
    more = (element("ref"), *pairing.content, element("client-props"))
    assert Approve().asked(changed(approval(), more, "pair-device"), ALICE) == APPROVAL


def test_the_address_may_be_wrapped() -> None:
    (device,) = Approve().result(approval(), APPROVAL, WEB)
    assert Approve().answered(APPROVAL, element("iq", element("pair-device", device), type="result")) == WEB


@pytest.mark.parametrize("part", ["pub-key", "device-identity", "key-index-list"])
def test_an_approval_lacks_nothing(part: str) -> None:
    for wrong in (without(approval(), "pair-device", part), changed(approval(), b"\x08\x01", "pair-device", part)):
        with pytest.raises(DecodeError):
            Approve().asked(wrong, ALICE)


def test_success_comes_with_the_address_and_its_lid() -> None:
    assert shown(success()) == (
        '<iq from="s.whatsapp.net" type="set" xmlns="md"><pair-success>'
        f"<device-identity>{CONTAINER[:32].hex()}… {len(CONTAINER)} bytes</device-identity>"
        '<device jid="15550001001:1@s.whatsapp.net" lid="915550001001:1@lid"/>'
        '<platform name="android"/></pair-success></iq>'
    )
    assert told(Succeeded(), SUCCESS, NOISE) == SUCCESS


@pytest.mark.parametrize(
    "wrong",
    [
        without(success(), "pair-success", "device"),
        without(success(), "pair-success", "device", "@jid"),
        without(success(), "pair-success", "device-identity"),
        changed(success(), b"", "pair-success", "device-identity"),
        changed(success(), bytes(501), "pair-success", "device-identity"),
        element("iq", *success().content, element("more"), type="set"),
        Succeeded().tell(PairSuccess(CONTAINER, ALICE), NOISE),
    ],
)
def test_success_is_one_element_for_a_companion(wrong: Node) -> None:
    with pytest.raises(DecodeError):
        Succeeded().told(wrong, NOISE)


def test_a_companion_confirms_in_answer_to_success() -> None:
    request = ConfirmLinking(CONFIRMATION)
    (node,) = CONFIRM.ask(request, NOISE)
    assert shown(node) == (
        '<iq to="s.whatsapp.net" type="result"><pair-device-sign>'
        f'<device-identity key-index="{INDEX}">{CONFIRMATION[:32].hex()}… {len(CONFIRMATION)} bytes</device-identity>'
        "</pair-device-sign></iq>"
    )
    assert linking.is_confirmation(node) and not linking.is_confirmation(success())
    assert asked(CONFIRM, request, NOISE) == [request]
    assert answered(CONFIRM, request, Done(), NOISE) == Done()
    assert refusal(CONFIRM, request, NOISE).code == 404
    for wrong in (changed(node, b"", "pair-device-sign", "device-identity"), without(node, "pair-device-sign")):
        with pytest.raises(DecodeError):
            CONFIRM.asked(wrong, NOISE)


def test_only_a_restart_says_that_the_companion_has_joined() -> None:
    with pytest.raises(DecodeError):
        CONFIRM.answered(ConfirmLinking(CONFIRMATION), connection.stream_error(connection.LOGGED_OUT))


@pytest.mark.parametrize(
    ("check", "code", "why"),
    [
        ("linking_secret", 401, "hmac-mismatch"),
        ("account_signature", 401, "signature-mismatch"),
        ("well_formed", 500, "internal-error"),
    ],
)
def test_a_companion_says_why_it_refuses(check: str, code: int, why: str) -> None:
    declined = connection.declined(carried(linking.refusal(check)))
    assert (declined.code, declined.why) == (code, why)


def test_the_phone_is_told_who_has_joined() -> None:
    node = Joined().tell(LINKED, ALICE)
    assert told(Joined(), LINKED, ALICE) == LINKED
    for part in ("device", "device-identity", "device-props"):
        with pytest.raises(DecodeError):
            Joined().told(without(node, part), ALICE)


def test_a_phone_removes_a_companion_and_publishes_its_list() -> None:
    request = Unlink(WEB, LIST)
    (node,) = Remove().ask(request, ALICE)
    assert shown(node) == (
        '<iq to="s.whatsapp.net" type="set" xmlns="md">'
        '<remove-companion-device jid="15550001001:1@s.whatsapp.net" reason="user_initiated"/>'
        f'<key-index-list ts="{SECOND}">{LIST[:32].hex()}… {len(LIST)} bytes</key-index-list></iq>'
    )
    assert asked(Remove(), request, ALICE) == [request]
    assert not directory.Publish().is_asked(node)
    for wrong in (without(node, "remove-companion-device", "@jid"), changed(node, b"", "key-index-list")):
        with pytest.raises(DecodeError):
            Remove().asked(wrong, ALICE)


def test_a_companion_removes_itself() -> None:
    request = Unlink(WEB, None)
    assert asked(Remove(), request) == [request]
    assert answered(Remove(), request, Done()) == Done()
    with pytest.raises(Declined):
        raise refusal(Remove(), request)
