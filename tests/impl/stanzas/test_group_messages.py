"""Messages to groups, as stanzas: wire.md, sections 8.3 and 8.7."""

from __future__ import annotations

import pytest

from impl.address import Address
from impl.dialogue import Accepted, CreateGroup, GroupDelivery, SubmitToGroup
from impl.server import Server
from impl.stanza import GroupStanza, Stanza
from impl.stanzas import messages
from impl.stanzas.group_messages import Delivered, Submitting
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from tests.impl.stanzas.carrying import ALICE, BOB, TABLET, WEB, answered, asked, refusal, told, without
from tests.impl.stanzas.xml import xml

SUBMIT, DELIVERED = Submitting(), Delivered()
GROUP, PHASH, BODY = "120363000000000001@g.us", "2:AAAAAAAA", b"for all"


def key(recipient: Address, kind: str = "pkmsg", sender: Address = WEB) -> Stanza:
    identity = b"linked" if kind == "pkmsg" else None
    return Stanza("3EB0", sender, recipient, "message", kind, b"the key", identity)


FIRST = SubmitToGroup("3EB0", GROUP, PHASH, BODY, (key(BOB), key(TABLET, "msg")))
PAIRWISE = SubmitToGroup("3EB0", GROUP, "", b"", (key(TABLET),), (TABLET,))
DELIVERY = GroupStanza("3EB0", TABLET, WEB, GROUP, BODY, key(WEB, "pkmsg", TABLET))
QUESTIONS = (
    FIRST,
    PAIRWISE,
    SubmitToGroup("3EB0", GROUP, PHASH, BODY, ()),
    SubmitToGroup("3EB0", GROUP, "", BODY, ()),
    SubmitToGroup("3EB0", GROUP, PHASH, BODY, (key(TABLET),), (TABLET,)),
    SubmitToGroup("3EB0", GROUP, PHASH, BODY, (key(TABLET),), (TABLET, BOB)),
    SubmitToGroup("3EB0", GROUP, PHASH, BODY, (), (BOB,)),
    SubmitToGroup("3EB0", GROUP, PHASH, b"", (key(BOB),), None, True),
    SubmitToGroup("3EB0", GROUP, PHASH, b"", (key(BOB), key(TABLET)), None, True),
    SubmitToGroup("3EB0", GROUP, PHASH, b"", (), None, True),
    SubmitToGroup("3EB0", GROUP, PHASH, b"", (key(BOB),), (BOB,), True),
)


@pytest.mark.parametrize("request_", QUESTIONS)
def test_the_server_is_asked_what_the_client_asks(request_: SubmitToGroup) -> None:
    assert asked(SUBMIT, request_) == [request_]
    assert not any(messages.Submitting().is_asked(node) for node in SUBMIT.ask(request_, WEB))


@pytest.mark.parametrize("body", [b"", BODY])
def test_what_is_to_be_viewed_once_has_no_ciphertext_for_all(body: bytes) -> None:
    (node,) = SUBMIT.ask(SubmitToGroup("3EB0", GROUP, PHASH, body, (key(BOB), key(TABLET)), None, bool(body)), WEB)
    with pytest.raises(DecodeError):
        SUBMIT.asked(node, WEB)


def test_the_key_goes_with_the_message_to_whoever_lacks_it() -> None:
    (node,) = SUBMIT.ask(FIRST, WEB)
    assert shown(node) == (
        f'<message id="3EB0" to="{GROUP}" type="text" phash="2:AAAAAAAA" addressing_mode="pn"><participants>'
        '<to jid="15550001002@s.whatsapp.net"><enc v="2" type="pkmsg">the key</enc></to>'
        '<to jid="15550001002:1@s.whatsapp.net"><enc v="2" type="msg">the key</enc></to></participants>'
        '<enc v="2" type="skmsg">for all</enc><device-identity>linked</device-identity></message>'
    )


def test_baileys_has_another_order_and_no_hash() -> None:
    node = xml(f"""<message id="3EB0" to="{GROUP}" type="text" addressing_mode="pn">
        <enc v="2" type="skmsg">for all</enc><participants><to jid="15550001002@s.whatsapp.net">
        <enc v="2" type="pkmsg">the key</enc></to></participants><device-identity>linked</device-identity></message>""")
    assert SUBMIT.asked(node, WEB) == SubmitToGroup("3EB0", GROUP, "", BODY, (key(BOB),))


def test_baileys_sends_again_to_one_device_and_pairwise() -> None:
    node = xml(f"""<message id="3EB0" to="{GROUP}" participant="15550001002:1@s.whatsapp.net" type="text">
        <enc v="2" type="pkmsg" count="1">the key</enc><device-identity>linked</device-identity></message>""")
    assert SUBMIT.asked(node, WEB) == PAIRWISE


def test_an_ack_hints_at_other_devices() -> None:
    assert answered(SUBMIT, FIRST, Accepted(missing=(ALICE,), phash="2:BBBBBBBB")) == Accepted(phash="2:BBBBBBBB")
    assert answered(SUBMIT, FIRST, Accepted()) == Accepted()
    assert refusal(SUBMIT, FIRST).code == 404


@pytest.mark.parametrize(
    "stanza",
    [
        GroupStanza("3EB0", BOB, WEB, GROUP, BODY),
        DELIVERY,
        GroupStanza("3EB0", TABLET, WEB, GROUP, b"", key(WEB, "msg", TABLET)),
    ],
)
def test_the_client_hears_what_the_server_tells(stanza: GroupStanza) -> None:
    event = GroupDelivery(stanza)
    assert told(DELIVERED, event) == event
    assert not messages.Delivered().is_told(DELIVERED.tell(event, WEB))
    named = GroupDelivery(stanza, "Bob")
    assert told(DELIVERED, named) == named


def test_the_key_comes_before_the_message() -> None:
    assert shown(DELIVERED.tell(GroupDelivery(DELIVERY), WEB)) == (
        f'<message from="{GROUP}" participant="15550001002:1@s.whatsapp.net" id="3EB0" type="text"'
        ' addressing_mode="pn"><enc v="2" type="pkmsg">the key</enc><enc v="2" type="skmsg">for all</enc>'
        "<device-identity>linked</device-identity></message>"
    )


@pytest.mark.parametrize("path", [("@id",), ("enc",), ("enc", "@v"), ("enc", "@type"), ("participants", "to", "@jid")])
def test_every_part_of_a_message_is_needed(path: tuple[str, ...]) -> None:
    (node,) = SUBMIT.ask(FIRST, WEB)
    with pytest.raises(DecodeError):
        SUBMIT.asked(without(node, *path), WEB)


@pytest.mark.parametrize("path", [("@id",), ("@participant",), ("enc",), ("enc", "@v")])
def test_every_part_of_a_delivery_is_needed(path: tuple[str, ...]) -> None:
    node = DELIVERED.tell(GroupDelivery(GroupStanza("3EB0", BOB, WEB, GROUP, BODY)), WEB)
    with pytest.raises(DecodeError):
        DELIVERED.told(without(node, *path), WEB)


def test_two_ciphertexts_of_one_kind_are_refused() -> None:
    twice = '<enc v="2" type="skmsg">a</enc><enc v="2" type="skmsg">b</enc>'
    with pytest.raises(DecodeError, match="one kind"):
        SUBMIT.asked(xml(f'<message id="3EB0" to="{GROUP}">{twice}</message>'), WEB)
    alone = f'<message id="3EB0" to="{GROUP}" participant="15550001002@s.whatsapp.net">{{}}</message>'
    with pytest.raises(DecodeError, match="nothing for the participant"):
        SUBMIT.asked(xml(alone.format('<enc v="2" type="skmsg">a</enc>')), WEB)


def test_the_server_hands_on_what_is_pairwise_altogether() -> None:
    server = Server()
    with server.store.transaction():
        for address in (ALICE, WEB, BOB, TABLET):
            server.directory.add(address, address.device)
    group = server.answer(WEB, CreateGroup("key", (BOB.user,))).group
    again = SubmitToGroup("3EB0", group, "", b"", (key(TABLET),), (TABLET,))
    assert server.answer(WEB, again) == Accepted()
    *_, last = (entry.event for entry in server.mailboxes.waiting(TABLET))
    assert last == GroupDelivery(GroupStanza("3EB0", WEB, TABLET, group, b"", key(TABLET)))
    assert not any(isinstance(entry.event, GroupDelivery) for entry in server.mailboxes.waiting(BOB))
    assert told(DELIVERED, last, TABLET) == last
