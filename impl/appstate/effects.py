"""What app state does to what the user sees: settings by their index, and messages that go. wire.md, section 11.4.

Settings wait for what they are about: a message that comes later finds under its own name what was said of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from impl.address import PHONE, Address, chat_jid, is_group
from impl.appstate.actions import (
    Action,
    Archive,
    ClearChat,
    DeleteChat,
    DeleteMessage,
    MarkRead,
    Mute,
    Pin,
    Star,
)
from impl.appstate.errors import AppStateError
from impl.appstate.kinds import index_parts, read
from impl.messages import StoredMessage, forget
from impl.wire.actiondata import ActionData
from impl.wire.appstate import CollectionName

if TYPE_CHECKING:
    from impl.device import Device

A = TypeVar("A", bound=Action)

FLAGS = (False, True)


@dataclass(frozen=True)
class Setting:
    """The action that counts at an index, and where it lies."""

    collection: CollectionName
    data: ActionData


@dataclass(frozen=True)
class ChatView:
    """How a chat shows: `muted_until` in milliseconds, -1 for ever; `read` is None if nobody marked it."""

    muted: bool
    muted_until: int | None
    pinned: bool
    archived: bool
    read: bool | None


def find(device: Device, kind: type[A], *attributes: str | bool | None) -> A | None:
    """What the user has set: `attributes` name it, as the first ones of the action do (chats as JIDs)."""
    setting = device.settings.get(index_parts(kind, *attributes))
    action = None if setting is None else _action(setting.collection, setting.data)
    return action if isinstance(action, kind) else None


def chat_view(device: Device, chat: str) -> ChatView:
    jid = chat_jid(chat)
    mute, pin, archive = find(device, Mute, jid), find(device, Pin, jid), find(device, Archive, jid)
    mark = find(device, MarkRead, jid)
    return ChatView(
        mute is not None and mute.muted,
        mute.until if mute else None,
        pin is not None and pin.pinned,
        archive is not None and archive.archived,
        mark.read if mark else None,
    )


def starred(device: Device, message: StoredMessage) -> bool:
    star = find(device, Star, *name_of(device, message))
    return star is not None and star.starred


def keep(device: Device, message: StoredMessage) -> None:
    """Into the conversation, unless the user has deleted it before it came, or it was here and has disappeared."""
    if message.key not in device.expired and not _deleted(device, message):
        device.messages[message.key] = message
        if message.expires_at is not None:
            device.expiring[message.key] = message.expires_at


def show(device: Device, name: CollectionName, parts: tuple[str, ...], data: ActionData | None) -> Action | None:
    """`data` counts at an index from now on; answers with the action if it is one that we speak, and is new."""
    action = None if data is None else _action(name, data)
    before = device.settings.get(parts)
    if action is not None and data is not None:
        device.settings[parts] = Setting(name, data)
        return action if before is None or before.data != data else None
    if before is not None and before.collection is name:
        del device.settings[parts]
    return None


def carry_out(device: Device, actions: Sequence[Action]) -> None:
    """Messages that the user has deleted go, in one pass over the conversation."""
    if any(isinstance(action, DeleteMessage | ClearChat | DeleteChat) for action in actions):
        for message in [each for each in device.messages.values() if _deleted(device, each)]:
            forget(device, message.key)


def name_of(device: Device, message: StoredMessage) -> tuple[str, str, bool, str | None]:
    """How actions name a message: chat, id, whether it is our own, and who else wrote it to a group."""
    from_me = device.address is not None and message.author.user == device.address.user
    author = None if from_me or not is_group(message.chat) else str(Address(message.author.user, PHONE))
    return chat_jid(message.chat), message.id, from_me, author


def _deleted(device: Device, message: StoredMessage) -> bool:
    if find(device, DeleteMessage, *name_of(device, message)) is not None:
        return True
    jid = chat_jid(message.chat)
    cleared = [(find(device, ClearChat, jid, stars, media), stars) for stars in FLAGS for media in FLAGS]
    deleted = [(find(device, DeleteChat, jid, media), True) for media in FLAGS]
    return any(
        action is not None
        and action.through is not None
        and message.timestamp <= action.through
        and (with_stars or not starred(device, message))
        for action, with_stars in (*cleared, *deleted)
    )


def _action(name: CollectionName, data: ActionData) -> Action | None:
    """None for what we do not speak, and for what is not what its name says."""
    try:
        dated = read(name, data)
    except AppStateError:
        return None
    return dated.action if dated else None
