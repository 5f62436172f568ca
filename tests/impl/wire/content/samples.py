"""Strategies for every content, for what stands beside it, and fields as they are spelled."""

from google.protobuf.internal.encoder import _VarintBytes  # type: ignore[attr-defined]
from hypothesis import strategies as st

from impl.wire.content import (
    FILE_LIMIT,
    TIMERS,
    CallKey,
    ChunkRetry,
    DeviceHint,
    DeviceSent,
    FatalException,
    HistoryFile,
    HistoryNotice,
    HistoryRequest,
    HistoryType,
    KeyDistribution,
    KeyRequest,
    KeyShare,
    Media,
    Message,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
    Revoke,
    SyncKey,
    Text,
    Timer,
    TimerSetting,
    Unsupported,
)

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
TIMES = st.integers(0, 2**63 - 1)
HASHES = KEYS = st.binary(min_size=32, max_size=32)
KEY_IDS = st.binary(min_size=6, max_size=6)
INDEXES = st.lists(U32, max_size=3).map(tuple)
PATHS = st.text(st.characters(min_codepoint=33, max_codepoint=126)).map("/".__add__)
USERS = st.text("0123456789abc", min_size=1, max_size=32)
GROUPS = st.from_regex(r"[0-9-]{1,64}@g\.us", fullmatch=True)
CHATS = USERS | GROUPS
TIMERS_IF_ANY = st.none() | st.builds(Timer, U32, TIMES)
FILE = (PATHS, st.text(), HASHES, HASHES, U64, KEYS)

MEDIA = st.one_of(
    st.builds(Media, st.sampled_from(["image", "video", "document"]), *FILE, st.text(), st.booleans(), TIMERS_IF_ANY),
    st.builds(Media, st.sampled_from(["audio", "sticker"]), *FILE, st.just(""), st.booleans(), TIMERS_IF_ANY),
)
CHAT_BODIES = st.one_of(
    st.builds(Text, st.text(), TIMERS_IF_ANY),
    MEDIA,
    st.builds(TimerSetting, st.sampled_from(TIMERS), TIMES),
    st.builds(Revoke, CHATS, st.booleans(), st.text()),
    st.just(Unsupported(("reactionMessage", "pollCreationMessage", "#1000"))),
)
HISTORY_FILES = st.builds(HistoryFile, HASHES, st.integers(0, FILE_LIMIT), KEYS, HASHES, PATHS)
NOTICES = st.builds(
    HistoryNotice,
    HISTORY_FILES | st.binary(min_size=1, max_size=100),
    st.sampled_from(HistoryType),
    U32,
    st.integers(0, 100),
    st.none() | st.text(),
    st.none() | TIMES,
)
SYNC_KEYS = st.builds(SyncKey, KEY_IDS, KEYS, U32, U32, INDEXES, TIMES) | st.builds(SyncKey, KEY_IDS, st.none())
PEER_BODIES = st.one_of(
    NOTICES,
    st.builds(HistoryRequest, CHATS, st.text(), st.booleans(), st.integers(1, 2**31 - 1), TIMES),
    st.builds(PlaceholderRequest, CHATS, st.booleans(), st.text(), st.none() | USERS),
    st.builds(PlaceholderResponse, st.text(), st.binary()),
    st.builds(RecoveryRequest, st.text(), TIMES),
    st.builds(ChunkRetry, st.sampled_from(HistoryType), st.integers(0, 2**32 - 1), st.text()),
    st.builds(RecoveryResponse, st.text(), st.binary(), st.booleans()),
    st.builds(KeyShare, st.lists(SYNC_KEYS, max_size=3).map(tuple)),
    st.builds(KeyRequest, st.lists(KEY_IDS, max_size=3).map(tuple)),
    st.builds(FatalException, st.lists(st.text(), max_size=5).map(tuple), TIMES),
)
BODIES = CHAT_BODIES | PEER_BODIES | st.builds(CallKey, KEYS) | st.builds(DeviceSent, CHATS, CHAT_BODIES)
SHORT_HASHES = st.none() | st.binary(min_size=8, max_size=32)
SIDE = (SHORT_HASHES, st.none() | U64, INDEXES)
HINTS = st.builds(DeviceHint, *SIDE, *SIDE)
DISTRIBUTIONS = st.builds(KeyDistribution, GROUPS, st.binary())
MESSAGES = st.builds(Message, BODIES, st.none() | HINTS, st.none() | DISTRIBUTIONS) | st.builds(
    Message, st.none(), st.none() | HINTS, DISTRIBUTIONS
)


def field(number: int, payload: bytes = b"") -> bytes:
    """A length-delimited field as it is spelled."""
    spelled: bytes = _VarintBytes(number << 3 | 2) + _VarintBytes(len(payload)) + payload
    return spelled
