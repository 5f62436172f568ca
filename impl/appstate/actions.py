"""The actions that we speak, as in `waSyncAction` of tulir/whatsmeow; other actions stay as they came.

Chats, contacts and participants are JIDs, as text. What is None was not said.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushName:
    name: str


@dataclass(frozen=True, slots=True)
class Locale:
    locale: str


@dataclass(frozen=True, slots=True)
class Contact:
    jid: str
    full_name: str | None = None
    first_name: str | None = None
    lid: str | None = None
    pn: str | None = None
    username: str | None = None
    on_phone: bool | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """`until` in milliseconds, -1 for ever."""

    chat: str
    muted: bool
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Star:
    """A message is named by chat, id, whether it is our own, and its author (in groups)."""

    chat: str
    id: str
    from_me: bool
    participant: str | None
    starred: bool


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Deleted for ourselves; `timestamp` of the message in seconds."""

    chat: str
    id: str
    from_me: bool
    participant: str | None
    delete_media: bool | None = None
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class ClearChat:
    """Messages up to `through` (seconds) are gone, the chat stays."""

    chat: str
    delete_starred: bool
    delete_media: bool
    through: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteChat:
    """Messages up to `through` (seconds) are gone, and the chat."""

    chat: str
    delete_media: bool
    through: int | None = None


@dataclass(frozen=True, slots=True)
class LabelEdit:
    label: str
    name: str | None = None
    color: int | None = None
    predefined: int | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True)
class LabelChat:
    label: str
    chat: str
    labeled: bool


@dataclass(frozen=True, slots=True)
class LabelMessage:
    label: str
    chat: str
    id: str
    from_me: bool
    participant: str | None
    labeled: bool


@dataclass(frozen=True, slots=True)
class Pin:
    chat: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Archive:
    """`through`: seconds of the last message then; a later one brings the chat back."""

    chat: str
    archived: bool
    through: int | None = None


@dataclass(frozen=True, slots=True)
class MarkRead:
    chat: str
    read: bool
    through: int | None = None


@dataclass(frozen=True, slots=True)
class UnarchiveChats:
    """Whether a new message brings an archived chat back."""

    unarchive: bool


@dataclass(frozen=True, slots=True)
class KeyExpired:
    """Keys of this epoch and before are to be written with no more; said once in every collection."""

    collection: str
    epoch: int


Action = (
    PushName
    | Locale
    | Contact
    | Mute
    | Star
    | DeleteMessage
    | ClearChat
    | DeleteChat
    | LabelEdit
    | LabelChat
    | LabelMessage
    | Pin
    | Archive
    | MarkRead
    | UnarchiveChats
    | KeyExpired
)


@dataclass(frozen=True, slots=True)
class Dated:
    """An action and when it was made, in milliseconds."""

    action: Action
    timestamp: int
