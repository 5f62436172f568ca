import pytest
from hypothesis import given

from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Server, decode
from tests.impl.wire.nodes.names import JIDS


@given(JIDS)
def test_parsing_undoes_printing(jid: Jid) -> None:
    assert Jid.parse(str(jid)) == jid


@pytest.mark.parametrize(
    ("jid", "text"),
    [
        (Jid("1", Server.USER), "1@s.whatsapp.net"),
        (Jid("1", Server.LID, 255), "1:255@lid"),
        (Jid("1", Server.HOSTED, 99), "1:99@hosted"),
        (Jid("1", Server.HOSTED_LID, 99), "1:99@hosted.lid"),
        (Jid("1203-9", Server.GROUP), "1203-9@g.us"),
        (Jid("status", Server.BROADCAST), "status@broadcast"),
        (Jid("1", Server.NEWSLETTER), "1@newsletter"),
        (Jid("1", Server.BOT), "1@bot"),
        (Jid("1", Server.CALL), "1@call"),
        (Jid("1", Server.LEGACY), "1@c.us"),
        (Jid("1", Server.MESSENGER, 65535), "1:65535@msgr"),
        (Jid("a-b", Server.INTEROP, 2, 65535), "65535-a-b:2@interop"),
        (Jid("", Server.USER), "s.whatsapp.net"),
        (Jid("", Server.GROUP), "g.us"),
    ],
)
def test_how_names_are_written(jid: Jid, text: str) -> None:
    assert str(jid) == text
    assert Jid.parse(text) == jid


@pytest.mark.parametrize(
    "text",
    ["", "1", "@", "@lid", "1@", "1@LID", "1@example.org", "1@lid@lid", "1@2@lid", ":1@lid", "1:@lid"]
    + [f"1:{device}@lid" for device in ("0", "01", "256", "-1", "+1", "1_0", "²", " 1", "1:1", "9" * 5000)]
    + [f"{user}@lid" for user in ("1.0", "1_1", "1/1", "1 1", "1\n", "1" * 33)]
    + [f"{user}@g.us" for user in ("x", "²", "1\n", "1" * 65)]
    + [f"1:1@{server}" for server in ("g.us", "broadcast", "newsletter", "bot", "call", "c.us")]
    + ["1:65536@msgr", "1:65536@interop", "1@interop", "-1@interop", "1-@interop", "01-1@interop", "65536-1@interop"],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        Jid.parse(text)


@pytest.mark.parametrize(
    "parts",
    [("", Server.LID, 1), ("", Server.INTEROP, 0, 1), ("1", Server.LID, -1), ("1", Server.MESSENGER, 0, 1)],
)
def test_a_name_that_cannot_be_is_not_made(parts: tuple[str, Server, int, int]) -> None:
    with pytest.raises(DecodeError):
        Jid(*parts)


NAMED = "f803fc0178fc0161"
"""`<x a=…/>`, in hex."""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("fa ff811f 03", "1@s.whatsapp.net"),
        ("fa 00 03", "s.whatsapp.net"),
        ("fa fc00 03", "s.whatsapp.net"),
        ("fa ff811f fc06 686f73746564", "1@hosted"),
        ("fa ff811f cc", "1@msgr"),
        ("f7 00 00 ff811f", "1@s.whatsapp.net"),
        ("f7 00 02 ff811f", "1:2@s.whatsapp.net"),
        ("f7 01 ff ff811f", "1:255@lid"),
        ("f7 80 63 ff811f", "1:99@hosted"),
        ("f7 81 63 ff811f", "1:99@hosted.lid"),
        ("f6 ff811f 0102 cc", "1:258@msgr"),
        ("f5 ff811f 0001 0102 fc07 696e7465726f70", "258-1:1@interop"),
    ],
)
def test_every_form_of_a_name_is_read(data: str, text: str) -> None:
    assert decode(bytes.fromhex(NAMED + data)).attrs["a"] == Jid.parse(text)


@pytest.mark.parametrize(
    "data",
    [
        "fa ff811f 04",
        "fa ff811f 00",
        "fa ff811f fa0003",
        "fa fa0003 03",
        "fa fc03 312e30 03",
        "fa f801 03",
        "f7 02 01 ff811f",
        "f7 7f 01 ff811f",
        "f7 82 01 ff811f",
        "f7 ff 01 ff811f",
        "f7 00 01 00",
        "f7 00 01 fa0003",
        "f6 ff811f 0001 03",
        "f6 00 0000 cc",
        "f5 ff811f 0001 0002 cc",
        "f5 00 0000 0000 fc07 696e7465726f70",
    ],
)
def test_other_names_are_refused(data: str) -> None:
    with pytest.raises(DecodeError):
        decode(bytes.fromhex(NAMED + data))


@pytest.mark.parametrize(
    ("longest", "beyond"),
    [
        ("é" * 32 + "@lid", "é" * 33 + "@lid"),
        ("1" * 64 + "@g.us", "1" * 65 + "@g.us"),
        ("1:255@s.whatsapp.net", "1:256@s.whatsapp.net"),
        ("1:255@lid", "1:256@lid"),
        ("1:255@hosted", "1:256@hosted"),
        ("1:255@hosted.lid", "1:256@hosted.lid"),
        ("1:65535@msgr", "1:65536@msgr"),
        ("0-1:65535@interop", "0-1:65536@interop"),
        ("65535-1@interop", "65536-1@interop"),
    ],
)
def test_limits_from_both_sides(longest: str, beyond: str) -> None:
    assert str(Jid.parse(longest)) == longest
    with pytest.raises(DecodeError):
        Jid.parse(beyond)
