"""Media: files and chunks of them, where they lie, and asking for them again."""

from __future__ import annotations

from fuzz.targets import media_chunk, media_file
from fuzz.targets.spelling import as_bytes, as_it_is, text
from fuzz.targets.target import Target
from impl.wire.media_path import check_direct_path
from impl.wire.media_retry import RetryAnswer, RetryRequest

TARGETS = (
    Target(
        "media-file",
        media_file.read,
        media_file.write,
        "media",
        1000,
        media_file.envelope,
        spelling=as_it_is,
    ),
    Target(
        "media-chunk",
        media_chunk.read,
        media_chunk.write,
        "media",
        1000,
        media_chunk.envelope,
        spelling=as_it_is,
    ),
    Target(
        "media-path",
        lambda data: check_direct_path(text(data), "directPath"),
        as_bytes,
        "media",
        3000,
        spelling=as_it_is,
    ),
    Target("media-retry-request", RetryRequest.decode, RetryRequest.encode, "media", 300),
    Target("media-retry-answer", RetryAnswer.decode, RetryAnswer.encode, "media", 300),
)
