"""Each action that we speak: written, read back, and refused where it does not belong."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.appstate.actions import (
    Action,
    Archive,
    ClearChat,
    Contact,
    Dated,
    DeleteChat,
    DeleteMessage,
    KeyExpired,
    LabelChat,
    LabelEdit,
    LabelMessage,
    Locale,
    MarkRead,
    Mute,
    Pin,
    PushName,
    Star,
    UnarchiveChats,
)
from impl.appstate.kinds import KINDS, VALUE_LIMIT, collections_of, read, timestamp_of, write
from impl.wire.actiondata import ActionData, encode_index
from impl.wire.appstate import CollectionName
from tests.impl.appstate.states import refused

CHAT = "1@s.whatsapp.net"
WRITTEN: list[tuple[Action, str, str, int, str]] = [
    (PushName("Al"), "critical_block", '["setting_pushName"]', 1, "3a040a02416c"),
    (Locale("en"), "critical_block", '["setting_locale"]', 3, "8201040a02656e"),
    (
        Contact(CHAT, "A B", "A", "2@lid", CHAT[:3], "a", True),
        "critical_unblock_low",
        f'["contact","{CHAT}"]',
        2,
        "1a190a034120421201411a0532406c696420012a03314073320161",
    ),
    (Mute(CHAT, True, 8), "regular_high", f'["mute","{CHAT}"]', 2, "220408011008"),
    (Star(CHAT, "M", True, None, True), "regular_high", f'["star","{CHAT}","M","1","0"]', 2, "12020801"),
    (
        DeleteMessage(CHAT, "M", False, "2@lid", True, 8),
        "regular_high",
        f'["deleteMessageForMe","{CHAT}","M","0","2@lid"]',
        3,
        "92010408011008",
    ),
    (ClearChat(CHAT, True, False, 8), "regular_high", f'["clearChat","{CHAT}","1","0"]', 6, "aa01040a020808"),
    (DeleteChat(CHAT, True, 8), "regular_high", f'["deleteChat","{CHAT}","1"]', 6, "b201040a020808"),
    (LabelEdit("7", "L", 3, 4, False), "regular", '["label_edit","7"]', 3, "72090a014c100318042000"),
    (LabelChat("7", CHAT, True), "regular", f'["label_jid","7","{CHAT}"]', 3, "7a020801"),
    (
        LabelMessage("7", CHAT, "M", False, None, True),
        "regular",
        f'["label_message","7","{CHAT}","M","0","0"]',
        3,
        "7a020801",
    ),
    (Pin(CHAT, True), "regular_low", f'["pin_v1","{CHAT}"]', 5, "2a020801"),
    (Archive(CHAT, True, 8), "regular_low", f'["archive","{CHAT}"]', 3, "8a0106080112020808"),
    (MarkRead(CHAT, False), "regular_low", f'["markChatAsRead","{CHAT}"]', 3, "a201020800"),
    (UnarchiveChats(True), "regular_low", '["setting_unarchiveChats"]', 4, "ba01020801"),
    (KeyExpired("regular", 2), "regular", '["sentinel","regular"]', 3, "9a01020802"),
]


@pytest.mark.parametrize(("action", "collection", "index", "version", "value"), WRITTEN)
def test_real_names_and_field_numbers(action: Action, collection: str, index: str, version: int, value: str) -> None:
    data = write(Dated(action, 5))
    assert (data.index.decode(), data.version, data.value.hex()) == (index, version, "0805" + value)
    assert read(CollectionName(collection), data) == Dated(action, 5)
    assert CollectionName(collection) in collections_of(action)
    assert timestamp_of(data) == 5


def test_every_action_is_written_above() -> None:
    assert {type(row[0]) for row in WRITTEN} == {kind.type for kind in KINDS} == set(get_args(Action))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_action_has_one_home(kind) -> None:  # type: ignore[no-untyped-def]
    data = write(Dated(next(row[0] for row in WRITTEN if type(row[0]) is kind.type), 5))
    for elsewhere in set(CollectionName) - kind.collections:
        with refused("collection"):
            read(elsewhere, data)


LOW = CollectionName.REGULAR_LOW
PIN = write(Dated(Pin(CHAT, True), 5))
STAR = write(Dated(Star(CHAT, "M", True, None, True), 5))


@pytest.mark.parametrize("other", [replace(PIN, index=encode_index(("pin_v9", CHAT))), replace(PIN, version=6)])
def test_what_we_do_not_speak_is_nothing_to_us(other: ActionData) -> None:
    assert read(LOW, other) is None
    assert timestamp_of(other) == 5


def test_an_older_version_is_read() -> None:
    assert read(LOW, replace(PIN, version=1)) == Dated(Pin(CHAT, True), 5)


def test_what_may_be_left_out() -> None:
    assert read(LOW, write(Dated(Archive(CHAT, False), 5))) == Dated(Archive(CHAT, False), 5)
    contact = Dated(Contact(CHAT), 5)
    assert read(CollectionName.CRITICAL_UNBLOCK_LOW, write(contact)) == contact


@pytest.mark.parametrize(
    "bent",
    [
        replace(PIN, index=encode_index(("pin_v1",))),
        replace(PIN, index=encode_index(("pin_v1", CHAT, "0"))),
        replace(PIN, index=encode_index(("pin_v1", ""))),
        replace(PIN, value=b"\xff"),
        replace(PIN, value=bytes.fromhex("0805")),
        replace(PIN, value=bytes.fromhex("08052a00")),
        replace(PIN, value=bytes.fromhex("2a020801")),
        replace(PIN, value=bytes.fromhex("08ffffffffffffffffff012a020801")),
        replace(PIN, value=PIN.value + b"\x7a" + bytes([0x80, 0x80, 0x40]) + bytes(VALUE_LIMIT)),
    ],
    ids=["short", "long", "empty", "torn", "no action", "not said", "no date", "before 1970", "large"],
)
def test_what_cannot_be_read(bent: ActionData) -> None:
    with refused("content"):
        read(LOW, bent)


def test_an_action_that_says_nothing_must_still_be_there() -> None:
    data = write(Dated(DeleteChat(CHAT, True), 5))
    assert read(CollectionName.REGULAR_HIGH, data) == Dated(DeleteChat(CHAT, True), 5)
    with refused("content"):
        read(CollectionName.REGULAR_HIGH, replace(data, value=b"\x08\x05"))


def test_the_largest_value() -> None:
    head = PIN.value + b"\x9a\x06"  # an unknown field
    filler = VALUE_LIMIT - len(head) - 3
    size = bytes([filler & 0x7F | 0x80, filler >> 7 & 0x7F | 0x80, filler >> 14])
    assert read(LOW, replace(PIN, value=head + size + bytes(filler))) == Dated(Pin(CHAT, True), 5)
    size = bytes([filler + 1 & 0x7F | 0x80, filler + 1 >> 7 & 0x7F | 0x80, filler + 1 >> 14])
    with refused("content"):
        read(LOW, replace(PIN, value=head + size + bytes(filler + 1)))


def test_a_flag_is_0_or_1() -> None:
    with refused("content"):
        read(CollectionName.REGULAR_HIGH, replace(STAR, index=encode_index(("star", CHAT, "M", "true", "0"))))


def test_a_name_is_utf_8() -> None:
    data = write(Dated(PushName("Al"), 5))
    with refused("content"):
        read(CollectionName.CRITICAL_BLOCK, replace(data, value=data.value.replace(b"Al", b"\xff\xfe")))


def test_a_value_without_a_date_is_of_the_beginning() -> None:
    assert timestamp_of(ActionData(b'["x"]', b"", 1)) == timestamp_of(ActionData(b'["x"]', b"\xff", 1)) == 0


@given(st.binary(max_size=60))
def test_any_value_gives_an_action_or_a_refusal(value: bytes) -> None:
    for index, collection in ((PIN.index, LOW), (STAR.index, CollectionName.REGULAR_HIGH)):
        try:
            read(collection, ActionData(index, b"\x08\x05" + value, 1))
        except Exception as error:
            assert getattr(error, "check", None) == "content"
