"""A lost file, as stanzas: wire.md, section 12.4."""

from __future__ import annotations

import pytest

from impl.address import Address
from impl.dialogue import Done, MediaRetried, MediaRetry, SendMediaRetry
from impl.messages import MessageKey
from impl.stanzas import receipts
from impl.stanzas.media_retries import Sending, Told
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from tests.impl.stanzas.carrying import ALICE, BOB, TABLET, WEB, answered, asked, told, without
from tests.impl.stanzas.xml import xml

SEND, TOLD = Sending(), Told()
GROUP = "120363000000000001@g.us"
IV = bytes(range(12))


def retry(author: Address, chat: str, sender: Address = WEB, recipient: Address = ALICE) -> MediaRetry:
    return MediaRetry(sender, recipient, MessageKey("3EB0", author, chat), b"sealed", IV)


RETRIES = [
    retry(TABLET, BOB.user),
    retry(ALICE, BOB.user),
    retry(BOB, GROUP),
    retry(WEB, GROUP),
]


@pytest.mark.parametrize("about", RETRIES)
def test_the_server_is_asked_what_the_client_asks(about: MediaRetry) -> None:
    assert asked(SEND, SendMediaRetry(about)) == [SendMediaRetry(about)]
    assert answered(SEND, SendMediaRetry(about), Done()) == Done()


@pytest.mark.parametrize("about", RETRIES)
def test_phone_and_companion_hear_it(about: MediaRetry) -> None:
    assert told(TOLD, MediaRetried(about), ALICE) == MediaRetried(about)
    back = MediaRetry(ALICE, WEB, about.message, b"sealed too", IV)
    assert told(TOLD, MediaRetried(back), WEB) == MediaRetried(back)


def test_how_it_looks() -> None:
    content = (
        "<encrypt><enc_p>sealed</enc_p><enc_iv>000102030405060708090a0b</enc_iv></encrypt>"
        '<rmr jid="15550001002@s.whatsapp.net" from_me="false" participant="15550001002:1@s.whatsapp.net"/>'
    )
    (question,) = SEND.ask(SendMediaRetry(RETRIES[0]), WEB)
    assert (
        shown(question) == f'<receipt id="3EB0" to="15550001001@s.whatsapp.net" type="server-error">{content}</receipt>'
    )
    answer = MediaRetry(ALICE, WEB, RETRIES[0].message, b"sealed", IV)
    assert shown(TOLD.tell(MediaRetried(answer), WEB)) == (
        f'<notification id="3EB0" from="15550001001@s.whatsapp.net" type="mediaretry">{content}</notification>'
    )
    to_phone = shown(TOLD.tell(MediaRetried(RETRIES[0]), ALICE))
    assert to_phone == f'<receipt id="3EB0" from="15550001001:1@s.whatsapp.net" type="server-error">{content}</receipt>'
    assert not receipts.Sending().is_asked(question)


@pytest.mark.parametrize(
    ("rmr", "author"),
    [('from_me="false"', BOB), ('from_me="true"', ALICE)],
)
def test_without_a_participant_the_phone_is_meant(rmr: str, author: Address) -> None:
    node = xml(f"""<receipt id="3EB0" to="15550001001@s.whatsapp.net" type="server-error">
        <encrypt><enc_p>sealed</enc_p><enc_iv>000000000000</enc_iv></encrypt>
        <rmr jid="15550001002@s.whatsapp.net" {rmr}/></receipt>""")
    assert SEND.asked(node, WEB).retry.message == MessageKey("3EB0", author, BOB.user)


@pytest.mark.parametrize(
    "path",
    [
        ("@id",),
        ("@to",),
        ("encrypt",),
        ("encrypt", "enc_p"),
        ("encrypt", "enc_iv"),
        ("rmr",),
        ("rmr", "@jid"),
        ("rmr", "@from_me"),
        ("rmr", "@participant"),
    ],
)
def test_every_part_is_needed(path: tuple[str, ...]) -> None:
    (node,) = SEND.ask(SendMediaRetry(RETRIES[2]), WEB)
    with pytest.raises(DecodeError):
        SEND.asked(without(node, *path), WEB)


@pytest.mark.parametrize(
    "rmr",
    [
        'jid="15550001002@s.whatsapp.net" from_me="maybe"',
        'jid="15550001002@s.whatsapp.net" from_me="true" participant="15550001002@s.whatsapp.net"',
    ],
)
def test_who_wrote_it_is_said_once(rmr: str) -> None:
    node = xml(f"""<receipt id="3EB0" to="15550001001@s.whatsapp.net" type="server-error">
        <encrypt><enc_p>sealed</enc_p><enc_iv>000000000000</enc_iv></encrypt><rmr {rmr}/></receipt>""")
    with pytest.raises(DecodeError, match="from_me"):
        SEND.asked(node, WEB)
