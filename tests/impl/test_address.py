import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.address import Address, chat_jid, is_group, parse_chat, parse_user
from impl.wire.errors import DecodeError


@given(st.text("0123456789abcé", min_size=1, max_size=32), st.integers(0, 255))
def test_parsing_undoes_printing(user: str, device: int) -> None:
    assert Address.parse(str(Address(user, device))) == Address(user, device)


def test_the_phone_is_the_account_itself() -> None:
    assert str(Address("123", 0)) == "123@s.whatsapp.net"
    assert str(Address("123", 7)) == "123:7@s.whatsapp.net"
    assert parse_user("123@s.whatsapp.net") == "123"


@pytest.mark.parametrize(
    "text",
    ["", "1", "@s.whatsapp.net", "1@lid", "1@s.whatsapp.net@s.whatsapp.net", "1:@s.whatsapp.net"]
    + [f"1:{device}@s.whatsapp.net" for device in ("0", "01", "256", "-1", "+1", "1_0", "²", " 1")]
    + [f"{user}@s.whatsapp.net" for user in ("1.0", "1_1", "1/1", "1 1", "1\n", "1" * 33)],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        Address.parse(text)


def test_an_account_is_not_a_device() -> None:
    with pytest.raises(DecodeError):
        parse_user("123:7@s.whatsapp.net")


@pytest.mark.parametrize(
    ("chat", "jid"),
    [("123", "123@s.whatsapp.net"), ("120363-1@g.us", "120363-1@g.us"), ("1" * 64 + "@g.us", "1" * 64 + "@g.us")],
)
def test_a_chat_is_a_user_or_a_group(chat: str, jid: str) -> None:
    assert chat_jid(chat) == jid
    assert parse_chat(jid) == chat
    assert is_group(chat) == jid.endswith("g.us")


@pytest.mark.parametrize(
    "text",
    ["", "123", "123@lid", "123:7@s.whatsapp.net", "status@broadcast"]
    + [f"{group}@g.us" for group in ("", "x", "²", "1:2", "1@g.us", "1\n", "1" * 65)],
)
def test_other_chats_are_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_chat(text)
