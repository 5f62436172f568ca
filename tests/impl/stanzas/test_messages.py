"""Messages from device to device, as stanzas: wire.md, sections 8.2, 8.9 and 13."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl.address import Address
from impl.dialogue import Accepted, Delivery, Submit, Unavailable
from impl.stanza import Stanza
from impl.stanzas import group_messages
from impl.stanzas.ciphertexts import BODY_LIMIT, ID_LIMIT
from impl.stanzas.messages import Delivered, Submitting, Withheld
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from tests.impl.stanzas.carrying import (
    ALICE,
    BOB,
    DESKTOP,
    NOISE,
    TABLET,
    WEB,
    answered,
    asked,
    changed,
    refusal,
    told,
    without,
)
from tests.impl.stanzas.xml import xml

SUBMIT, DELIVERED, WITHHELD = Submitting(), Delivered(), Withheld()
IDENTITY = b"linked by its phone"


def sealed(recipient: Address, kind: str = "msg", sender: Address = WEB, category: str = "message") -> Stanza:
    identity = IDENTITY if kind == "pkmsg" else None
    return Stanza("3EB0", sender, recipient, category, kind, f"for {recipient.device}".encode(), identity)


TO_BOB = Submit("3EB0", BOB.user, (sealed(BOB, "pkmsg"), sealed(TABLET), sealed(ALICE, "pkmsg")))
PEER = Submit("3EB0", None, (sealed(ALICE, "pkmsg", category="peer"),))
AGAIN = Submit("3EB0", BOB.user, (sealed(TABLET, "pkmsg"),), again=True)
COPY_AGAIN = Submit("3EB0", BOB.user, (sealed(ALICE),), again=True)
VIEW_ONCE = Submit("3EB0", BOB.user, (sealed(BOB),), view_once=True)
QUESTIONS = (
    TO_BOB,
    PEER,
    AGAIN,
    COPY_AGAIN,
    VIEW_ONCE,
    Submit("3EB0", BOB.user, ()),
    Submit("3EB0", WEB.user, (sealed(ALICE),)),
    Submit("3EB0", None, (sealed(ALICE, category="peer"),), again=True),
)


@pytest.mark.parametrize("request_", QUESTIONS)
def test_the_server_is_asked_what_the_client_asks(request_: Submit) -> None:
    assert asked(SUBMIT, request_) == [request_]


def test_a_message_to_all_devices_of_both_sides() -> None:
    (node,) = SUBMIT.ask(TO_BOB, WEB)
    assert shown(node) == (
        '<message id="3EB0" to="15550001002@s.whatsapp.net" type="text"><participants>'
        '<to jid="15550001002@s.whatsapp.net"><enc v="2" type="pkmsg">for 0</enc></to>'
        '<to jid="15550001002:1@s.whatsapp.net"><enc v="2" type="msg">for 1</enc></to>'
        '<to jid="15550001001@s.whatsapp.net"><enc v="2" type="pkmsg">for 0</enc></to>'
        "</participants><device-identity>linked by its phone</device-identity></message>"
    )


def test_a_peer_message_has_its_ciphertext_directly() -> None:
    (node,) = SUBMIT.ask(PEER, WEB)
    assert shown(node) == (
        '<message id="3EB0" to="15550001001@s.whatsapp.net" type="text" category="peer"><meta appdata="default"/>'
        '<enc v="2" type="pkmsg">for 0</enc><device-identity>linked by its phone</device-identity></message>'
    )


def test_a_message_sent_again_is_for_one_device() -> None:
    (node,) = SUBMIT.ask(COPY_AGAIN, WEB)
    assert shown(node) == (
        '<message id="3EB0" to="15550001001@s.whatsapp.net" type="text" device_fanout="false"'
        ' recipient="15550001002@s.whatsapp.net"><enc v="2" type="msg">for 0</enc></message>'
    )


def test_other_clients_say_more_and_are_understood() -> None:
    baileys = xml("""<message id="3EB0" to="15550001002@s.whatsapp.net" type="media">
        <participants><to jid="15550001002:1@s.whatsapp.net"><enc v="2" type="msg" mediatype="image">for 1</enc></to>
        </participants><reporting><reporting_token v="2">token</reporting_token></reporting></message>""")
    assert SUBMIT.asked(baileys, WEB) == Submit("3EB0", BOB.user, (sealed(TABLET),))
    resent = xml("""<message id="3EB0" to="15550001002:1@s.whatsapp.net" type="text" device_fanout="false">
        <enc v="2" type="pkmsg" count="2">for 1</enc><device-identity>linked by its phone</device-identity>
        </message>""")
    assert SUBMIT.asked(resent, WEB) == AGAIN
    alone = xml('<message id="3EB0" to="15550001002@s.whatsapp.net"><enc v="2" type="msg">for 0</enc></message>')
    assert SUBMIT.asked(alone, WEB) == Submit("3EB0", BOB.user, (sealed(BOB),))


def test_an_identity_without_need_is_nobodys() -> None:
    node = xml("""<message id="3EB0" to="15550001002:1@s.whatsapp.net" device_fanout="false">
        <enc v="2" type="msg">for 1</enc><device-identity>linked by its phone</device-identity></message>""")
    assert SUBMIT.asked(node, WEB).stanzas[0].device_identity is None


def test_an_ack_hints_at_other_devices_and_names_none() -> None:
    assert answered(SUBMIT, TO_BOB, Accepted()) == Accepted()
    lacking = Accepted(missing=(DESKTOP,), phash="2:AAAAAAAA")
    assert answered(SUBMIT, TO_BOB, lacking) == Accepted(phash="2:AAAAAAAA")
    (question,) = SUBMIT.ask(TO_BOB, WEB)
    assert shown(SUBMIT.answer(question, TO_BOB, lacking)) == (
        '<ack class="message" from="15550001002@s.whatsapp.net" phash="2:AAAAAAAA"/>'
    )


def test_a_refusal_has_a_code() -> None:
    assert refusal(SUBMIT, TO_BOB).code == 404


@pytest.mark.parametrize(
    "event",
    [
        Delivery(sealed(WEB, "pkmsg", BOB)),
        Delivery(sealed(WEB, "msg", TABLET)),
        Delivery(sealed(WEB, "msg", ALICE), BOB.user),
        Delivery(sealed(WEB, "pkmsg", ALICE, "peer")),
        Delivery(sealed(WEB, "msg", TABLET), None, "Bob 🙂"),
    ],
)
def test_the_client_hears_what_the_server_tells(event: Delivery) -> None:
    assert told(DELIVERED, event) == event


def test_a_delivery_has_one_ciphertext() -> None:
    assert shown(DELIVERED.tell(Delivery(sealed(WEB, "pkmsg", ALICE), BOB.user), WEB)) == (
        '<message from="15550001001@s.whatsapp.net" id="3EB0" type="text" recipient="15550001002@s.whatsapp.net">'
        '<enc v="2" type="pkmsg">for 1</enc><device-identity>linked by its phone</device-identity></message>'
    )


def test_nobody_else_is_told_whom_a_message_was_for() -> None:
    node = DELIVERED.tell(Delivery(sealed(WEB, "msg", BOB), "15550001003"), WEB)
    assert "recipient" not in node.attrs
    with pytest.raises(DecodeError, match="only own messages"):
        DELIVERED.told(replace(node, attrs={**node.attrs, "recipient": "15550001003@s.whatsapp.net"}), WEB)


@pytest.mark.parametrize(
    "event",
    [
        Unavailable("3EB0", ALICE, BOB.user),
        Unavailable("3EB0", BOB, BOB.user),
        Unavailable("3EB0", ALICE, "120363000000000001@g.us"),
        Unavailable("3EB0", TABLET, "120363000000000001@g.us"),
    ],
)
def test_what_is_withheld_is_announced(event: Unavailable) -> None:
    assert told(WITHHELD, event) == event
    node = WITHHELD.tell(event, WEB)
    assert not DELIVERED.is_told(node) and not group_messages.Delivered().is_told(node)


@pytest.mark.parametrize(
    "path",
    [
        ("@id",),
        ("@to",),
        ("participants",),
        ("participants", "to", "@jid"),
        ("participants", "to", "enc", "@v"),
        ("participants", "to", "enc", "@type"),
    ],
)
def test_every_part_of_a_message_is_needed(path: tuple[str, ...]) -> None:
    (node,) = SUBMIT.ask(TO_BOB, WEB)
    with pytest.raises(DecodeError):
        SUBMIT.asked(without(node, *path), WEB)


@pytest.mark.parametrize("path", [("@id",), ("@from",), ("enc",), ("enc", "@v"), ("enc", "@type")])
def test_every_part_of_a_delivery_is_needed(path: tuple[str, ...]) -> None:
    with pytest.raises(DecodeError):
        DELIVERED.told(without(DELIVERED.tell(Delivery(sealed(WEB, "msg", BOB)), WEB), *path), WEB)


BAD = {
    "twice for one device": """<message id="3EB0" to="15550001002@s.whatsapp.net"><participants>
        <to jid="15550001002@s.whatsapp.net"><enc v="2" type="msg">a</enc></to>
        <to jid="15550001002@s.whatsapp.net"><enc v="2" type="msg">b</enc></to></participants></message>""",
    "both forms": """<message id="3EB0" to="15550001002@s.whatsapp.net"><participants/>
        <enc v="2" type="msg">a</enc></message>""",
    "for a group": '<message id="3EB0" to="15550001002@s.whatsapp.net"><enc v="2" type="skmsg">a</enc></message>',
    "another version": '<message id="3EB0" to="15550001002@s.whatsapp.net"><enc v="3" type="msg">a</enc></message>',
    "nothing": '<message id="3EB0" to="15550001002@s.whatsapp.net"><enc v="2" type="msg"/></message>',
    "no id": '<message id="" to="15550001002@s.whatsapp.net"><enc v="2" type="msg">a</enc></message>',
    "category": """<message id="3EB0" to="15550001002@s.whatsapp.net" category="x">
        <enc v="2" type="msg">a</enc></message>""",
    "no account": '<message id="3EB0" to="status@broadcast"><enc v="2" type="msg">a</enc></message>',
}


@pytest.mark.parametrize("name", BAD)
def test_what_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(DecodeError):
        SUBMIT.asked(xml(BAD[name]), WEB)


def test_whoever_belongs_to_no_account_says_and_hears_nothing() -> None:
    (node,) = SUBMIT.ask(TO_BOB, WEB)
    with pytest.raises(DecodeError, match="no account"):
        SUBMIT.asked(node, NOISE)


@pytest.mark.parametrize("size", [0, BODY_LIMIT + 1])
def test_a_ciphertext_is_neither_nothing_nor_endless(size: int) -> None:
    (node,) = SUBMIT.ask(AGAIN, WEB)
    SUBMIT.asked(changed(node, bytes(BODY_LIMIT), "enc"), WEB)
    with pytest.raises(DecodeError, match=f"{size} bytes"):
        SUBMIT.asked(changed(node, bytes(size), "enc"), WEB)


@pytest.mark.parametrize("size", [0, ID_LIMIT + 1])
def test_an_id_is_neither_nothing_nor_endless(size: int) -> None:
    (node,) = SUBMIT.ask(Submit("x" * size, BOB.user, AGAIN.stanzas, again=True), WEB)
    with pytest.raises(DecodeError, match=f"{size} characters"):
        SUBMIT.asked(node, WEB)
