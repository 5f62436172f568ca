"""Media encryption, which carries attachments, history bundles and app state snapshots past the server."""

from impl.crypto.media.errors import MediaError
from impl.crypto.media.keys import KEY_SIZE, MediaKeys, MediaKind
from impl.crypto.media.memory import SealedMedia, open_, seal
from impl.crypto.media.sidecar import chunk_range, open_chunk
from impl.crypto.media.stream import MediaFacts, open_stream, seal_stream

HISTORY = MediaKind.HISTORY
APP_STATE = MediaKind.APP_STATE

__all__ = [
    "APP_STATE",
    "HISTORY",
    "KEY_SIZE",
    "MediaError",
    "MediaFacts",
    "MediaKeys",
    "MediaKind",
    "SealedMedia",
    "chunk_range",
    "open_",
    "open_chunk",
    "open_stream",
    "seal",
    "seal_stream",
]
