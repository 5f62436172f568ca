"""How the actions that we speak are written: the collection, the index, the value.

Names, collections and versions as in whatsmeow, appstate/keys.go and encode.go, and zapo, spec/appstate; that of key
expiry as in Cobalt, SentinelMutationFactory.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from google.protobuf.message import Message

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
from impl.appstate.errors import AppStateError
from impl.wire.actiondata import ActionData, encode_index
from impl.wire.appstate import CollectionName
from impl.wire.errors import DecodeError
from impl.wire.pb import syncaction_pb2 as pb
from impl.wire.proto import parse, present, text

VALUE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Kind:
    """How one action is written.

    `index` are the attributes that follow the name in the index; `value` gives for each other attribute its path
    within the field `holder` of SyncActionValue.
    """

    type: type[Action]
    name: str
    collections: frozenset[CollectionName]
    version: int
    index: tuple[str, ...]
    holder: str
    value: Mapping[str, str]


_EVERY = frozenset(CollectionName)
_BLOCK = frozenset({CollectionName.CRITICAL_BLOCK})
_UNBLOCK = frozenset({CollectionName.CRITICAL_UNBLOCK_LOW})
_HIGH = frozenset({CollectionName.REGULAR_HIGH})
_REGULAR = frozenset({CollectionName.REGULAR})
_LOW = frozenset({CollectionName.REGULAR_LOW})
_MESSAGE = ("chat", "id", "from_me", "participant")
_THROUGH = {"through": "messageRange.lastMessageTimestamp"}
_CONTACT = {
    "full_name": "fullName",
    "first_name": "firstName",
    "lid": "lidJID",
    "pn": "pnJID",
    "username": "username",
    "on_phone": "saveOnPrimaryAddressbook",
}
_DELETED_MESSAGE = {"delete_media": "deleteMedia", "timestamp": "messageTimestamp"}
_LABEL = {"name": "name", "color": "color", "predefined": "predefinedID", "deleted": "deleted"}
_LABELED = {"labeled": "labeled"}

KINDS = (
    Kind(PushName, "setting_pushName", _BLOCK, 1, (), "pushNameSetting", {"name": "name"}),
    Kind(Locale, "setting_locale", _BLOCK, 3, (), "localeSetting", {"locale": "locale"}),
    Kind(Contact, "contact", _UNBLOCK, 2, ("jid",), "contactAction", _CONTACT),
    Kind(Mute, "mute", _HIGH, 2, ("chat",), "muteAction", {"muted": "muted", "until": "muteEndTimestamp"}),
    Kind(Star, "star", _HIGH, 2, _MESSAGE, "starAction", {"starred": "starred"}),
    Kind(DeleteMessage, "deleteMessageForMe", _HIGH, 3, _MESSAGE, "deleteMessageForMeAction", _DELETED_MESSAGE),
    Kind(ClearChat, "clearChat", _HIGH, 6, ("chat", "delete_starred", "delete_media"), "clearChatAction", _THROUGH),
    Kind(DeleteChat, "deleteChat", _HIGH, 6, ("chat", "delete_media"), "deleteChatAction", _THROUGH),
    Kind(LabelEdit, "label_edit", _REGULAR, 3, ("label",), "labelEditAction", _LABEL),
    Kind(LabelChat, "label_jid", _REGULAR, 3, ("label", "chat"), "labelAssociationAction", _LABELED),
    Kind(LabelMessage, "label_message", _REGULAR, 3, ("label", *_MESSAGE), "labelAssociationAction", _LABELED),
    Kind(Pin, "pin_v1", _LOW, 5, ("chat",), "pinAction", {"pinned": "pinned"}),
    Kind(Archive, "archive", _LOW, 3, ("chat",), "archiveChatAction", {"archived": "archived"} | _THROUGH),
    Kind(MarkRead, "markChatAsRead", _LOW, 3, ("chat",), "markChatAsReadAction", {"read": "read"} | _THROUGH),
    Kind(
        UnarchiveChats,
        "setting_unarchiveChats",
        _LOW,
        4,
        (),
        "unarchiveChatsSetting",
        {"unarchive": "unarchiveChats"},
    ),
    Kind(KeyExpired, "sentinel", _EVERY, 3, ("collection",), "keyExpiration", {"epoch": "expiredKeyEpoch"}),
)

_BY_NAME = {kind.name: kind for kind in KINDS}
_BY_TYPE: dict[type, Kind] = {kind.type: kind for kind in KINDS}
_FLAGS = {"0": False, "1": True}
_FLAG_NAMES = frozenset({"from_me", "delete_starred", "delete_media"})
_NOBODY = "0"


def write(dated: Dated) -> ActionData:
    """What is encrypted for others."""
    action = dated.action
    kind = _BY_TYPE[type(action)]
    value = pb.SyncActionValue(timestamp=dated.timestamp)
    getattr(value, kind.holder).SetInParent()
    for name, path in kind.value.items():
        if getattr(action, name) is not None:
            holder, field = _resolve(value, kind, path)
            setattr(holder, field, getattr(action, name))
    index = encode_index(index_parts(type(action), *(getattr(action, name) for name in kind.index)))
    return ActionData(index, value.SerializeToString(deterministic=True), kind.version)


def read(collection: CollectionName, data: ActionData) -> Dated | None:
    """The action in an entry of `collection`; None for one that we do not speak, or not in so late a version.

    AppStateError: "collection" if it belongs elsewhere, "content" if it is not what its name says. The entry stays
    what it is: refusing the patch would keep the collection from every later one.
    """
    name, *parts = data.parts
    kind = _BY_NAME.get(name)
    if kind is None or data.version > kind.version:
        return None
    if collection not in kind.collections:
        raise AppStateError("collection", f"{name} in {collection}")
    try:
        value = parse(pb.SyncActionValue, data.value, VALUE_LIMIT)
        present(value, kind.holder)
        attributes = _index_attributes(kind, parts) | _value_attributes(kind, value)
        return Dated(kind.type(**attributes), _timestamp(value))
    except DecodeError as error:
        raise AppStateError("content", str(error)) from error


def index_parts(action: type, *attributes: str | bool | None) -> tuple[str, ...]:
    """The index of an action of this type; `attributes` in the order in which it has them."""
    kind = _BY_TYPE[action]
    return (kind.name, *(_index_part(*each) for each in zip(kind.index, attributes, strict=True)))


def without_value(data: ActionData) -> ActionData:
    """Which action, and when, but not what it says."""
    value = pb.SyncActionValue(timestamp=timestamp_of(data))
    return replace(data, value=value.SerializeToString(deterministic=True))


def collections_of(action: Action) -> frozenset[CollectionName]:
    """Where an action may lie: one collection, or any."""
    return _BY_TYPE[type(action)].collections


def timestamp_of(data: ActionData) -> int:
    """When an action, known or not, was made, in milliseconds; 0 if it does not say."""
    try:
        return _timestamp(parse(pb.SyncActionValue, data.value, VALUE_LIMIT))
    except DecodeError:
        return 0


def _timestamp(value: pb.SyncActionValue) -> int:
    present(value, "timestamp")
    if value.timestamp < 0:
        raise DecodeError("negative", "SyncActionValue.timestamp")
    return value.timestamp


def _resolve(value: pb.SyncActionValue, kind: Kind, path: str) -> tuple[Message, str]:
    """The message that holds the last name of a dotted path."""
    *holders, field = path.split(".")
    holder: Message = getattr(value, kind.holder)
    for each in holders:
        holder = getattr(holder, each)
    return holder, field


def _value_attributes(kind: Kind, value: pb.SyncActionValue) -> dict[str, Any]:
    """Attributes without a default must have been sent."""
    defaults = {each.name: each.default for each in fields(kind.type)}
    attributes: dict[str, Any] = {}
    for name, path in kind.value.items():
        holder, field = _resolve(value, kind, path)
        if defaults[name] is MISSING:
            present(holder, field)
        if holder.HasField(field):
            sent = getattr(holder, field)
            attributes[name] = sent if isinstance(sent, int) else text(holder, field)
    return attributes


def _index_attributes(kind: Kind, parts: list[str]) -> dict[str, Any]:
    if len(parts) != len(kind.index):
        raise DecodeError(f"{len(parts)} parts after {kind.name}, must be {len(kind.index)}", "index")
    return {name: _attribute(name, part) for name, part in zip(kind.index, parts, strict=True)}


def _attribute(name: str, part: str) -> Any:
    if name in _FLAG_NAMES:
        if part not in _FLAGS:
            raise DecodeError(f"{name} is neither 0 nor 1", "index")
        return _FLAGS[part]
    if name == "participant" and part == _NOBODY:
        return None
    if not part:
        raise DecodeError(f"{name} is empty", "index")
    return part


def _index_part(name: str, attribute: str | bool | None) -> str:
    if attribute is None:
        return _NOBODY
    return str(int(attribute)) if name in _FLAG_NAMES else str(attribute)
