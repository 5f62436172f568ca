"""What a device reads after decryption, with the real field numbers of WhatsApp's `Message`.

What the harness does not speak is told by name (`Unsupported`) or, beside what it speaks, skipped, as every client
does. Upstream: `waE2E` of tulir/whatsmeow.
"""

from impl.wire.content.body import WRAPPER_LIMIT, Body, ChatBody, DeviceSent, read_body, write_body
from impl.wire.content.call import CallKey
from impl.wire.content.fields import INDEX_LIMIT
from impl.wire.content.hint import DeviceHint
from impl.wire.content.keys import COLLECTION_LIMIT, KEY_LIMIT, FatalException, KeyRequest, KeyShare, SyncKey
from impl.wire.content.media import Media, MediaKind
from impl.wire.content.message import LIMIT, KeyDistribution, Message, decode, encode
from impl.wire.content.notice import FILE_LIMIT, HistoryFile, HistoryNotice, HistoryType
from impl.wire.content.peerdata import (
    ChunkRetry,
    HistoryRequest,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
)
from impl.wire.content.protocol import TIMERS, PeerBody, Revoke, TimerSetting
from impl.wire.content.text import Text, Timer
from impl.wire.content.unsupported import UNKNOWN_LIMIT, Unsupported

__all__ = [
    "COLLECTION_LIMIT",
    "FILE_LIMIT",
    "INDEX_LIMIT",
    "KEY_LIMIT",
    "LIMIT",
    "TIMERS",
    "UNKNOWN_LIMIT",
    "WRAPPER_LIMIT",
    "Body",
    "CallKey",
    "ChatBody",
    "ChunkRetry",
    "DeviceHint",
    "DeviceSent",
    "FatalException",
    "HistoryFile",
    "HistoryNotice",
    "HistoryRequest",
    "HistoryType",
    "KeyDistribution",
    "KeyRequest",
    "KeyShare",
    "Media",
    "MediaKind",
    "Message",
    "PeerBody",
    "PlaceholderRequest",
    "PlaceholderResponse",
    "RecoveryRequest",
    "RecoveryResponse",
    "Revoke",
    "SyncKey",
    "Text",
    "Timer",
    "TimerSetting",
    "Unsupported",
    "decode",
    "encode",
    "read_body",
    "write_body",
]
