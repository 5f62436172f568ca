import pytest

from impl.wire.counting import OBJECT_LIMIT, check_objects
from impl.wire.errors import DecodeError
from impl.wire.history import INFLATED_LIMIT
from impl.wire.pb import appstate_pb2, content_pb2, history_pb2
from impl.wire.proto import parse

NESTED = history_pb2.HistorySync(
    syncType="RECENT",
    conversations=[
        history_pb2.Conversation(ID="1@s.whatsapp.net", messages=[history_pb2.HistorySyncMsg()] * 3),
        history_pb2.Conversation(ID="2@s.whatsapp.net"),
    ],
)


def test_messages_of_every_depth_count() -> None:
    data = NESTED.SerializeToString()
    check_objects(data, NESTED.DESCRIPTOR, 5)
    with pytest.raises(DecodeError, match="more than 4 messages"):
        check_objects(data, NESTED.DESCRIPTOR, 4)


def test_only_messages_count() -> None:
    check_objects(content_pb2.Message(conversation="hi").SerializeToString(), content_pb2.Message.DESCRIPTOR, 0)


@pytest.mark.parametrize("data", ["ff" * 20, "12ff", "1280808080808080808080", "0d00", "0900", "0b", "12"])
def test_malformed_bytes_are_left_to_the_parser(data: str) -> None:
    check_objects(bytes.fromhex(data), NESTED.DESCRIPTOR, 1)


@pytest.mark.parametrize("kind", [history_pb2.HistorySync, appstate_pb2.SyncdSnapshot, appstate_pb2.SyncdPatch])
def test_many_empty_messages_are_counted_before_they_are_made(kind: type[history_pb2.HistorySync]) -> None:
    """Four MiB that the parser would turn into hundreds."""
    with pytest.raises(DecodeError, match=f"more than {OBJECT_LIMIT} messages"):
        parse(kind, b"\x12\x00" * (2 << 20), INFLATED_LIMIT)
