"""What app state does to the conversation, and how actions name messages."""

from __future__ import annotations

import pytest

from impl.address import Address
from impl.appstate import effects
from impl.appstate.actions import Action, ClearChat, DeleteChat, DeleteMessage, PushName, Star
from impl.device import Device
from impl.messages import StoredMessage
from impl.wire.appstate import Operation
from tests.impl.household import NOW, Household

BOB, GROUP = "bob@s.whatsapp.net", "1-2@g.us"
THEIRS = StoredMessage("1", Address("bob", 3), "bob", "theirs", "received", 100)
OURS = StoredMessage("2", Address("alice", 0), "bob", "ours", "own", 200)
GROUPS = StoredMessage("3", Address("bob", 3), GROUP, "the group's", "received", 300)
ALL = (THEIRS, OURS, GROUPS)


@pytest.fixture
def device() -> Device:
    return Household().phone("alice")


def keep(device: Device) -> None:
    with device.store.transaction():
        for message in ALL:
            effects.keep(device, message)


@pytest.mark.parametrize("first", ["messages", "action"])
@pytest.mark.parametrize(
    ("action", "left"),
    [
        (DeleteMessage(BOB, "1", False, None), [OURS, GROUPS]),
        (DeleteMessage(BOB, "1", True, None), [THEIRS, OURS, GROUPS]),
        (DeleteMessage(GROUP, "3", False, BOB), [THEIRS, OURS]),
        (DeleteMessage(GROUP, "3", False, "carol@s.whatsapp.net"), [THEIRS, OURS, GROUPS]),
        (ClearChat(BOB, True, False, 100), [OURS, GROUPS]),
        (ClearChat(BOB, False, False, 200), [OURS, GROUPS]),
        (ClearChat(BOB, True, False, 200), [GROUPS]),
        (DeleteChat(BOB, True, 200), [GROUPS]),
        (DeleteChat(BOB, True), [THEIRS, OURS, GROUPS]),
    ],
)
def test_what_goes_whichever_comes_first(device: Device, action: Action, left: list[StoredMessage], first: str) -> None:
    device.intend(Star(BOB, "2", True, None, True), Operation.SET, NOW)
    if first == "messages":
        keep(device)
    device.intend(action, Operation.SET, NOW)
    if first == "action":
        keep(device)
    assert device.conversation == left


def test_a_setting_is_found_by_what_it_is_about(device: Device) -> None:
    assert effects.find(device, PushName) is None
    device.intend(PushName("Alice"), Operation.SET, NOW)
    assert effects.find(device, PushName) == PushName("Alice")
    device.intend(PushName("Alice"), Operation.REMOVE, NOW)
    assert effects.find(device, PushName) is None


def test_stars(device: Device) -> None:
    device.intend(Star(GROUP, "3", False, BOB, True), Operation.SET, NOW)
    assert [effects.starred(device, message) for message in ALL] == [False, False, True]
