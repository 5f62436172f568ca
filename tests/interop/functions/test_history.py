"""History blobs of our phone, as the companions of others read them; nobody but a phone writes any."""

import pytest

from impl.address import Address
from impl.foreign.process import Shim
from impl.wire.content import HistoryType, Text
from impl.wire.errors import DecodeError
from impl.wire.history import Conversation, History, PastMessage

ALICE, BOB, WEB = Address("15550001", 0), Address("15550002", 0), Address("15550002", 3)
TEXTS = ("hi", "ünïcödé 🙂", "ha" * 500, "x")


def conversation(chat: str, count: int) -> Conversation:
    def message(number: int) -> PastMessage:
        author = (ALICE, BOB, WEB)[number % 3]
        return PastMessage(f"3EB0{number:016X}", author, author is ALICE, Text(TEXTS[number % 4]), 1626220800 + number)

    return Conversation(chat, tuple(map(message, range(count))))


HISTORIES = [
    History((), HistoryType.INITIAL_BOOTSTRAP, 0, 100),
    History((conversation("15550002", 5),), HistoryType.RECENT, 1, 40),
    History((conversation("15550002", 300), conversation("120363000000000001@g.us", 50)), HistoryType.FULL, 2, 80),
]
EACH = pytest.mark.parametrize("history", HISTORIES, ids=["empty", "recent", "full"])


@EACH
def test_they_read_what_our_phone_writes(peer: Shim, history: History) -> None:
    read = peer.call("parse_history", data=history.encode())
    chats = [each.chat if "@" in each.chat else f"{each.chat}@s.whatsapp.net" for each in history.conversations]
    assert read["type"] in (history.type.value, history.type.name)
    assert (read["progress"], read["chats"]) == (history.progress, chats)
    if peer.peer.name == "pywhats":  # it counts messages, and does not look into them
        assert read["count"] == sum(len(each.messages) for each in history.conversations)
        return
    assert read["messages"] == [
        {
            "id": message.id, "chat": chat, "from_me": message.from_me, "author": str(message.author),
            "text": message.body.text, "timestamp": message.timestamp,
        }
        for chat, each in zip(chats, history.conversations, strict=True)
        for message in each.messages
    ]  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES[1:], ids=["recent", "full"])
def test_we_read_what_their_schema_writes(peer: Shim, history: History) -> None:
    assert History.decode(peer.call("rewrite_history", data=history.encode())) == history


@pytest.mark.only("pyaileys")
@pytest.mark.difference("required-zero")
def test_a_required_zero_is_left_out(peer: Shim) -> None:
    with pytest.raises(DecodeError, match="a required field is absent"):
        History.decode(peer.call("rewrite_history", data=HISTORIES[0].encode()))
