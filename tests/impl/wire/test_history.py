import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.address import Address
from impl.wire.content import HistoryType, Media, Text, Timer
from impl.wire.errors import DecodeError
from impl.wire.history import ITEM_LIMIT, Conversation, History, PastMessage, deflate, inflate
from impl.wire.inflating import RATIO_FREE
from impl.wire.pb import content_pb2, history_pb2

USERS = st.text("0123456789", min_size=1, max_size=12)
MEDIUM = Media("image", "/a", "image/png", bytes(32), bytes(32), 1, bytes(32), "look", timer=Timer(60, 1))
BODIES = st.builds(Text, st.text(), st.none() | st.just(Timer(60, 1))) | st.just(MEDIUM)
CHATS = USERS | st.just("120363@g.us")
MESSAGES = st.builds(
    PastMessage,
    st.text(),
    st.builds(Address, USERS, st.integers(0, 255)),
    st.booleans(),
    BODIES,
    st.integers(0, 2**64 - 1),
)
HISTORIES = st.builds(
    History,
    st.lists(st.builds(Conversation, CHATS, st.lists(MESSAGES, max_size=3).map(tuple)), max_size=3).map(tuple),
    st.sampled_from(HistoryType),
    st.integers(0, 2**32 - 1),
    st.integers(0, 100),
    st.lists(st.tuples(USERS, st.text()), max_size=3).map(tuple),
)


@given(HISTORIES)
def test_decoding_undoes_encoding(history: History) -> None:
    assert History.decode(history.encode()) == history


def test_real_field_numbers() -> None:
    message = PastMessage("A", Address("1", 2), True, Text("hi"), 3)
    blob = zlib.decompress(History((Conversation("1", (message,)),)).encode()).hex()
    jid = b"1@s.whatsapp.net".hex()
    device = b"1:2@s.whatsapp.net".hex()
    key = "0a10" + jid + "1001" + "1a0141"
    info = "0a17" + key + "1204" + "0a026869" + "1803" + "2a12" + device
    assert blob == "0800" + "124b" + "0a10" + jid + "1237" + "0a35" + info + "2800" + "3064"


def test_real_field_numbers_of_names() -> None:
    blob = zlib.decompress(History((), HistoryType.PUSH_NAME, names=(("1", "A"),)).encode()).hex()
    assert blob == "0804" + "2800" + "3064" + "3a15" + "0a10" + b"1@s.whatsapp.net".hex() + "120141"


@pytest.mark.parametrize("size", [0, 1, RATIO_FREE])
def test_a_stream_inflates(size: int) -> None:
    assert inflate(zlib.compress(bytes(size))) == bytes(size)


def test_a_monotonous_chat_is_not_taken_for_a_bomb() -> None:
    message = PastMessage("A", Address("1", 0), True, Text("ha" * RATIO_FREE), 3)
    history = History((Conversation("1", (message,)),))
    assert History.decode(history.encode()) == history


def test_what_compresses_well_enough_is_compressed() -> None:
    assert deflate(bytes(RATIO_FREE)) == zlib.compress(bytes(RATIO_FREE))


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"text",
        zlib.compress(b"text")[:-1],
        zlib.compress(b"text") + b"x",
        zlib.compress(b"text") * 2,
        zlib.compress(bytes(RATIO_FREE + 1)),
        zlib.compress(bytes(100 << 20)),
    ],
    ids=["nothing", "no stream", "cut", "one byte more", "two streams", "ratio", "bomb"],
)
def test_other_streams_are_refused(stream: bytes) -> None:
    with pytest.raises(DecodeError):
        inflate(stream)


def _info(**changes: object) -> history_pb2.WebMessageInfo:
    fields = {
        "key": content_pb2.MessageKey(remoteJID="1@s.whatsapp.net", fromMe=False, ID="A"),
        "message": content_pb2.Message(conversation="hi"),
        "messageTimestamp": 1,
        "participant": "1@s.whatsapp.net",
    }
    return history_pb2.WebMessageInfo(**(fields | changes))  # type: ignore[arg-type]


def _blob(info: history_pb2.WebMessageInfo, chat: str | None = "1@s.whatsapp.net", **fields: int) -> bytes:
    item = history_pb2.HistorySyncMsg(message=info)
    conversation = history_pb2.Conversation(ID=chat, messages=[item])
    history = history_pb2.HistorySync(conversations=[conversation], **({"syncType": 0} | fields))  # type: ignore[arg-type]
    return zlib.compress(history.SerializePartialToString())


def test_the_message_that_the_rules_below_bend_is_well_formed() -> None:
    assert History.decode(_blob(_info())).conversations[0].messages[0].body == Text("hi")


@pytest.mark.parametrize(
    "blob",
    [
        zlib.compress(b""),
        zlib.compress(b"\xff"),
        _blob(_info(), progress=101),
        _blob(_info(), chat=None),
        _blob(_info(), chat="1:2@s.whatsapp.net"),
        _blob(_info(key=None)),
        _blob(_info(message=None)),
        _blob(_info(message=content_pb2.Message())),
        _blob(_info(messageTimestamp=None)),
        _blob(_info(participant=None)),
        _blob(_info(participant="1")),
        _blob(_info(key=content_pb2.MessageKey(remoteJID="1@s.whatsapp.net", ID="A"))),
        _blob(_info(key=content_pb2.MessageKey(remoteJID="2@s.whatsapp.net", fromMe=True, ID="A"))),
    ],
)
def test_each_rule_is_kept(blob: bytes) -> None:
    with pytest.raises(DecodeError):
        History.decode(blob)


@pytest.mark.parametrize("messages", [0, 1])
def test_small_items_are_counted(messages: int) -> None:
    """Short streams of many tiny items would cost far more memory than their bytes."""
    items = [history_pb2.HistorySyncMsg()] * messages
    each = history_pb2.Conversation(ID="1@s.whatsapp.net", messages=items)
    too_many = [each] * (ITEM_LIMIT // (1 + messages) + 1)
    history = history_pb2.HistorySync(syncType="INITIAL_BOOTSTRAP", conversations=too_many).SerializeToString()
    with pytest.raises(DecodeError, match="conversations, messages and names"):
        History.decode(zlib.compress(history, level=0))


def test_names_are_counted() -> None:
    names = [history_pb2.Pushname(ID="1@s.whatsapp.net", pushname="A")] * (ITEM_LIMIT + 1)
    history = history_pb2.HistorySync(syncType="PUSH_NAME", pushnames=names).SerializeToString()
    with pytest.raises(DecodeError, match="conversations, messages and names"):
        History.decode(zlib.compress(history, level=0))


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    for blob in (data, zlib.compress(data)):
        try:
            History.decode(blob)
        except DecodeError as error:
            assert "\n" not in str(error)
