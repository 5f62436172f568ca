"""Receipts, as stanzas: wire.md, section 8.6."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl.address import Address
from impl.dialogue import Receipt, Receipted, SendReceipts
from impl.server import Server
from impl.stanzas.receipts import LIMIT, Sending, Told, confirmed, confirms_message
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import ALICE, BOB, DESKTOP, TABLET, WEB, answered, asked, told, without
from tests.impl.stanzas.xml import xml

SEND, TOLD = Sending(), Told()
GROUP = "120363000000000001@g.us"

EXACT = [
    Receipt("3EB0", WEB, TABLET, "delivered"),
    Receipt("3EB0", WEB, TABLET, "read"),
    Receipt("3EB0", WEB, TABLET, "played"),
    Receipt("3EB0", WEB, DESKTOP, "played-self"),
    Receipt("3EB0", WEB, DESKTOP, "sender", BOB.user),
    Receipt("3EB0", WEB, ALICE, "sender", BOB.user),
    Receipt("3EB0", WEB, ALICE, "peer_msg"),
    Receipt("3EB0", WEB, ALICE, "hist_sync"),
    Receipt("3EB0", WEB, TABLET, "delivered", GROUP),
    Receipt("3EB0", WEB, DESKTOP, "sender", GROUP),
]


@pytest.mark.parametrize("receipt", EXACT)
def test_a_receipt_to_a_device(receipt: Receipt) -> None:
    request = SendReceipts((receipt,))
    assert asked(SEND, request) == [request]


def test_each_receipt_is_a_stanza() -> None:
    request = SendReceipts(tuple(EXACT))
    assert asked(SEND, request) == [SendReceipts((each,)) for each in EXACT]


def test_how_receipts_look() -> None:
    first, own, group = (SEND.ask(SendReceipts((EXACT[at],)), WEB)[0] for at in (0, 4, 8))
    assert shown(first) == '<receipt id="3EB0" to="15550001002:1@s.whatsapp.net"/>'
    assert shown(own) == (
        '<receipt id="3EB0" to="15550001001:2@s.whatsapp.net" type="sender" recipient="15550001002@s.whatsapp.net"/>'
    )
    assert shown(group) == f'<receipt id="3EB0" to="{GROUP}" participant="15550001002:1@s.whatsapp.net"/>'
    assert shown(SEND.answer(group, SendReceipts(()), answered(SEND, SendReceipts((EXACT[8],)), None))) == (
        f'<ack class="receipt" from="{GROUP}" participant="15550001002:1@s.whatsapp.net"/>'
    )


ME, THEM = "15550001001@s.whatsapp.net", "15550001002@s.whatsapp.net"
FOREIGN = {
    # who names an account means all its devices
    f'<receipt id="3EB0" to="{THEM}"/>': Receipt("3EB0", WEB, BOB, "delivered", everywhere=True),
    f'<receipt id="3EB0" to="{THEM}" type="inactive"/>': Receipt("3EB0", WEB, BOB, "delivered", everywhere=True),
    f'<receipt id="3EB0" to="{THEM}" type="delivery"/>': Receipt("3EB0", WEB, BOB, "delivered", everywhere=True),
    f'<receipt id="3EB0" to="{THEM}" type="read" t="1"/>': Receipt("3EB0", WEB, BOB, "read", everywhere=True),
    f'<receipt id="3EB0" to="{GROUP}" participant="{THEM}"/>': Receipt("3EB0", WEB, BOB, "delivered", GROUP, True),
    # what is only between the own devices
    f'<receipt id="3EB0" to="{THEM}" type="read-self"/>': Receipt("3EB0", WEB, ALICE, "read-self", BOB.user, True),
    f'<receipt id="3EB0" to="{GROUP}" participant="{THEM}" type="read-self"/>': Receipt(
        "3EB0", WEB, ALICE, "read-self", GROUP, True
    ),
    f'<receipt id="3EB0" to="{ME}" type="hist_sync"/>': Receipt("3EB0", WEB, ALICE, "hist_sync"),
    # Baileys does not say to whom
    f'<receipt id="3EB0" recipient="{THEM}" type="sender"/>': Receipt("3EB0", WEB, ALICE, "sender", BOB.user, True),
}


@pytest.mark.parametrize("text", FOREIGN)
def test_other_clients_are_understood(text: str) -> None:
    assert SEND.asked(xml(text), WEB) == SendReceipts((FOREIGN[text],))


def test_a_list_is_about_several_messages() -> None:
    node = xml(
        f'<receipt id="A" to="{THEM}" type="read"><list><item id="B"/><item id="C"/><item id="A"/></list></receipt>'
    )
    assert [each.id for each in SEND.asked(node, WEB).receipts] == ["A", "B", "C"]
    assert confirmed(node) == ("A", "B", "C")


def test_a_list_is_not_endless() -> None:
    items = tuple(Node("item", {"id": str(each)}) for each in range(LIMIT))
    node = Node("receipt", {"id": "0", "to": THEM}, (Node("list", content=items),))
    assert len(SEND.asked(node, WEB).receipts) == LIMIT
    longer = replace(node, attrs={**node.attrs, "id": "one more"})
    with pytest.raises(DecodeError, match="257 messages"):
        SEND.asked(longer, WEB)
    assert confirmed(longer) == ()


TELLINGS = [
    *(Receipt("3EB0", TABLET, WEB, kind) for kind in ("delivered", "read", "played")),
    Receipt("3EB0", ALICE, WEB, "sender", BOB.user),
    Receipt("3EB0", ALICE, WEB, "read-self", BOB.user),
    Receipt("3EB0", TABLET, WEB, "delivered", GROUP),
    Receipt("3EB0", ALICE, WEB, "sender", GROUP),
]


@pytest.mark.parametrize("receipt", TELLINGS)
def test_the_client_hears_what_the_server_tells(receipt: Receipt) -> None:
    assert told(TOLD, Receipted(receipt)) == Receipted(receipt)


def test_a_receipt_in_a_group_comes_from_the_group() -> None:
    assert shown(TOLD.tell(Receipted(TELLINGS[5]), WEB)) == (
        f'<receipt id="3EB0" from="{GROUP}" participant="15550001002:1@s.whatsapp.net"/>'
    )


def test_a_server_tells_one_at_a_time() -> None:
    with pytest.raises(DecodeError, match="several"):
        TOLD.told(xml(f'<receipt id="A" from="{THEM}"><list><item id="B"/></list></receipt>'), WEB)


@pytest.mark.parametrize("text", FOREIGN)
def test_receipts_confirm_the_message(text: str) -> None:
    assert confirms_message(xml(text)) and confirmed(xml(text)) == ("3EB0",)


def test_who_asks_again_has_had_it_and_who_lost_a_file_says_nothing_of_the_message() -> None:
    assert confirms_message(xml('<receipt id="3EB0" type="retry"/>'))
    assert not confirms_message(xml('<receipt id="3EB0" type="server-error"/>'))
    assert not confirms_message(xml('<ack id="3EB0" class="receipt"/>'))


@pytest.mark.parametrize("lost", ["@id", "@to"])
def test_every_part_is_needed(lost: str) -> None:
    (node,) = SEND.ask(SendReceipts((EXACT[0],)), WEB)
    with pytest.raises(DecodeError):
        SEND.asked(without(node, lost), WEB)
    (node,) = SEND.ask(SendReceipts((EXACT[8],)), WEB)
    with pytest.raises(DecodeError):
        SEND.asked(without(node, "@participant"), WEB)


def test_an_unknown_type_says_nothing() -> None:
    with pytest.raises(DecodeError, match="type"):
        SEND.asked(xml(f'<receipt id="3EB0" to="{THEM}" type="applause"/>'), WEB)


def test_the_server_spreads_what_is_for_everybody() -> None:
    server, other = Server(), Address(BOB.user, 2)
    with server.store.transaction():
        for address in (WEB, BOB, TABLET, other):
            server.directory.add(address, address.device)
    server.answer(WEB, SendReceipts((Receipt("3EB0", WEB, BOB, "read", everywhere=True),)))
    for address in (BOB, TABLET, other):
        (entry,) = server.mailboxes.waiting(address)
        assert entry.event == Receipted(Receipt("3EB0", WEB, address, "read"))
    server.answer(BOB, SendReceipts((Receipt("3EB0", BOB, BOB, "read-self", WEB.user, True),)))
    assert [len(server.mailboxes.waiting(each)) for each in (BOB, TABLET, other)] == [1, 2, 2]
