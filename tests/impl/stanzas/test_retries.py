"""Asking for a message once more, as a stanza: wire.md, section 8.7."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl.dialogue import AskRetry, Done, RetryAsked
from impl.sessions import PrekeyBundle
from impl.stanza import RetryRequest
from impl.stanzas import receipts
from impl.stanzas.retries import Asked, Asking
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import ALICE, BOB, TABLET, WEB, answered, asked, told, without
from tests.impl.stanzas.xml import xml

ASK, ASKED = Asking(), Asked()
GROUP = "120363000000000001@g.us"
KEYS = PrekeyBundle(77, b"i" * 32, 5, b"s" * 32, b"g" * 64, 6, b"o" * 32, b"linked by its phone")
PLAIN = RetryRequest("3EB0", WEB, TABLET, 1, 7, 77)
REQUESTS = [
    PLAIN,
    replace(PLAIN, count=2, reason=0, keys=KEYS),
    replace(PLAIN, keys=PrekeyBundle(77, b"i" * 32, 5, b"s" * 32, b"g" * 64)),
    replace(PLAIN, chat=GROUP),
    replace(PLAIN, recipient=ALICE),
    replace(PLAIN, recipient=ALICE, chat=BOB.user),
    replace(PLAIN, recipient=ALICE, chat=GROUP),
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_server_is_asked_what_the_client_asks(request_: RetryRequest) -> None:
    assert asked(ASK, AskRetry(request_)) == [AskRetry(request_)]
    assert answered(ASK, AskRetry(request_), Done()) == Done()


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_sender_hears_who_asks(request_: RetryRequest) -> None:
    event = RetryAsked(replace(request_, sender=request_.recipient, recipient=request_.sender))
    assert told(ASKED, event, WEB) == event


def test_how_a_request_looks() -> None:
    (node,) = ASK.ask(AskRetry(REQUESTS[3]), WEB)
    assert shown(node) == (
        f'<receipt id="3EB0" to="{GROUP}" type="retry" participant="15550001002:1@s.whatsapp.net">'
        '<retry count="1" id="3EB0" t="0" v="1" error="7"/><registration>0000004d</registration></receipt>'
    )
    (with_keys,) = ASK.ask(AskRetry(REQUESTS[1]), WEB)
    assert isinstance(with_keys.content, tuple) and isinstance(with_keys.content[-1].content, tuple)
    tags = [each.tag for each in with_keys.content[-1].content]
    assert tags == ["type", "identity", "key", "skey", "device-identity"]


def test_pywhats_asks_without_keys_and_reason() -> None:
    node = xml("""<receipt type="retry" id="3EB0" to="15550001002:1@s.whatsapp.net">
        <retry count="1" id="3EB0" t="1626220800" v="1"/><registration>abcd</registration></receipt>""")
    request = replace(PLAIN, reason=0, registration_id=int.from_bytes(b"abcd"))
    assert ASK.asked(node, WEB) == AskRetry(request)


def test_it_is_no_other_receipt() -> None:
    (node,) = ASK.ask(AskRetry(PLAIN), WEB)
    assert not receipts.Sending().is_asked(node)
    assert not receipts.Told().is_told(ASKED.tell(RetryAsked(PLAIN), TABLET))


@pytest.mark.parametrize(
    "path",
    [
        ("@id",),
        ("@to",),
        ("retry",),
        ("retry", "@count"),
        ("registration",),
        *(("keys", tag) for tag in ("type", "identity", "skey")),
    ],
)
def test_every_part_is_needed(path: tuple[str, ...]) -> None:
    (node,) = ASK.ask(AskRetry(REQUESTS[1]), WEB)
    with pytest.raises(DecodeError):
        ASK.asked(without(node, *path), WEB)


@pytest.mark.parametrize("retry", [{"count": "0"}, {"count": "6"}, {"count": "1", "id": "other"}, {"count": "x"}])
def test_at_most_five_times_and_for_one_message(retry: dict[str, str]) -> None:
    (node,) = ASK.ask(AskRetry(PLAIN), WEB)
    assert isinstance(node.content, tuple)
    with pytest.raises(DecodeError):
        ASK.asked(replace(node, content=(Node("retry", retry), *node.content[1:])), WEB)
