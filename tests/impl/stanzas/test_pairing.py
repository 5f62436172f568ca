"""Linking by code in stanzas, as wire.md, section 3.2, has the stages."""

from __future__ import annotations

import pytest

from impl.dialogue import AskPairing, PairingAnswered
from impl.kinds import DeviceProps, Platform
from impl.stanzas.pairing import Answer, Answered, Ask, Asked, Finish, Finished, read_props, written_props
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import ALICE, NOISE, carried, changed, element, without
from tests.impl.stanzas.samples import ASK_PAIRING, FINISH, PRIMARY, REF

TAG = "link_code_companion_reg"


def hello() -> Node:
    (node,) = Ask().ask(ASK_PAIRING, NOISE)
    return node


def test_a_companion_shows_a_code() -> None:
    assert shown(hello()) == (
        f'<iq to="s.whatsapp.net" type="set" xmlns="md"><{TAG} jid="15550001001@s.whatsapp.net"'
        ' stage="companion_hello" should_show_push_notification="true">'
        f"<link_code_pairing_wrapped_companion_ephemeral_pub>{'0a' * 32}… 80 bytes"
        "</link_code_pairing_wrapped_companion_ephemeral_pub>"
        f"<companion_server_auth_key_pub>{NOISE.hex()}</companion_server_auth_key_pub>"
        "<companion_platform_id>9</companion_platform_id>"
        "<companion_platform_display>Catalina (Portal)</companion_platform_display>"
        f"<link_code_pairing_nonce>00</link_code_pairing_nonce></{TAG}></iq>"
    )
    assert shown(Ask().answer(hello(), ASK_PAIRING, REF)) == (
        f'<iq from="s.whatsapp.net" type="result"><{TAG} stage="companion_hello">'
        f"<link_code_pairing_ref>2@abc,1</link_code_pairing_ref></{TAG}></iq>"
    )


def test_baileys_writes_what_it_is_as_text() -> None:
    node = changed(hello(), "1", TAG, "companion_platform_id")
    node = changed(node, "Chrome (Mac OS)", TAG, "companion_platform_display")
    node = carried(changed(node, "0", TAG, "link_code_pairing_nonce"))
    props = DeviceProps(Platform.CHROME, "Mac OS")
    assert Ask().asked(node, NOISE) == AskPairing("15550001001", ASK_PAIRING.ephemeral, props)


@pytest.mark.parametrize(
    "part",
    [
        "link_code_pairing_wrapped_companion_ephemeral_pub",
        "companion_server_auth_key_pub",
        "companion_platform_id",
        "companion_platform_display",
        "@jid",
    ],
)
def test_a_code_is_shown_with_all_that_belongs_to_it(part: str) -> None:
    with pytest.raises(DecodeError):
        Ask().asked(without(hello(), TAG, part), NOISE)


def test_nobody_shows_a_code_for_another_connection() -> None:
    with pytest.raises(DecodeError, match="not the key of this connection"):
        Ask().asked(hello(), bytes(32))
    with pytest.raises(DecodeError):
        Ask().asked(hello(), ALICE)


def test_the_stage_tells_the_iqs_apart() -> None:
    other = element("iq", element(TAG, stage="refresh_code"), type="set", xmlns="md")
    for exchange in (Ask(), Answer(), Finish()):
        assert not exchange.is_asked(other)
        assert not exchange.is_asked(element("iq", type="set", xmlns="md"))
    for notice in (Asked(), Answered(), Finished()):
        assert not notice.is_told(element("notification", element(TAG, stage="refresh_code"), type=TAG))


def test_the_companion_hears_of_the_phone() -> None:
    assert shown(Answered().tell(PairingAnswered(PRIMARY), NOISE)) == (
        f'<notification from="s.whatsapp.net" type="{TAG}"><{TAG} stage="primary_hello">'
        f"<link_code_pairing_wrapped_primary_ephemeral_pub>{'06' * 32}… 80 bytes"
        "</link_code_pairing_wrapped_primary_ephemeral_pub>"
        f"<primary_identity_pub>{'07' * 32}</primary_identity_pub>"
        f"<link_code_pairing_ref>2@abc,1</link_code_pairing_ref></{TAG}></notification>"
    )


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("link_code_pairing_wrapped_primary_ephemeral_pub", 80),
        ("primary_identity_pub", 32),
        ("link_code_pairing_ref", 0),
    ],
)
def test_the_word_of_the_phone_has_exact_lengths(part: str, size: int) -> None:
    node = Answered().tell(PairingAnswered(PRIMARY), NOISE)
    for wrong in (without(node, TAG, part), changed(node, bytes(size and size - 1), TAG, part)):
        with pytest.raises(DecodeError):
            Answered().told(wrong, NOISE)


@pytest.mark.parametrize(
    ("part", "size"),
    [("link_code_pairing_wrapped_key_bundle", 156), ("companion_identity_public", 32), ("link_code_pairing_ref", 257)],
)
def test_the_proof_has_exact_lengths(part: str, size: int) -> None:
    (node,) = Finish().ask(Finish.request(FINISH), NOISE)
    for wrong in (without(node, TAG, part), changed(node, bytes(size if size == 257 else size + 1), TAG, part)):
        with pytest.raises(DecodeError):
            Finish().asked(wrong, NOISE)


@pytest.mark.parametrize("platform", [each for each in Platform if each is not Platform.UNKNOWN])
@pytest.mark.parametrize("system", ["Linux", "Mac OS", "", "a (b) c"])
def test_what_a_companion_is_survives(platform: Platform, system: str) -> None:
    props = DeviceProps(platform, system)
    assert read_props(*written_props(props)) == props


@pytest.mark.parametrize(
    ("letter", "display", "props"),
    [
        ("1", "Chrome (Mac OS)", DeviceProps(Platform.CHROME, "Mac OS")),
        ("3", "Firefox (Linux)", DeviceProps(Platform.FIREFOX, "Linux")),
        ("3", "Catalina (Linux)", DeviceProps(Platform.FIREFOX, "Linux")),
        ("9", "Brave (Linux)", DeviceProps(Platform.CHROME, "Linux")),
        ("7", "Something", DeviceProps(Platform.DESKTOP, "Something")),
        ("0", "Nothing", DeviceProps(Platform.UNKNOWN, "Nothing")),
    ],
)
def test_letter_and_display_of_others(letter: str, display: str, props: DeviceProps) -> None:
    assert read_props(letter, display) == props


@pytest.mark.parametrize(("letter", "display"), [("", "x"), ("a", "x"), ("11", "x"), ("1", ""), ("1", "x" * 101)])
def test_what_no_companion_says(letter: str, display: str) -> None:
    with pytest.raises(DecodeError):
        read_props(letter, display)
