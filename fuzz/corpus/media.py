"""Media files and chunks of all ends and edges, paths to them, and asking for them again."""

from __future__ import annotations

from fuzz.targets import media_chunk, media_file
from impl.crypto.entropy import Entropy
from impl.wire.media_retry import RetryAnswer, RetryRequest, RetryResult

SIZES = (0, 1, 15, 16, 40)
CHUNKS = ((0, 0), (0, 40), (1, (64 << 10) + 40), (1, (64 << 10) - 1))
"""Numbers of chunks, and sizes of plaintexts; the last such chunk holds nothing but the end of the MAC."""

PATHS = ("/", "/v/t62.7118-24/1?ccb=11-4&oh=01_Q5&oe=66", "v/t62.7118-24/1")
"""The last is none."""

ID = "3EB0C431"


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Inputs of each target by name, accepted but for a path."""
    return {
        "media-file": [media_file.write(entropy(size)) for size in SIZES],
        "media-chunk": [media_chunk.of_file(index, entropy(size)) for index, size in CHUNKS],
        "media-path": [path.encode() for path in PATHS],
        "media-retry-request": [RetryRequest(ID).encode()],
        "media-retry-answer": [
            RetryAnswer(ID, result, PATHS[0] if result is RetryResult.SUCCESS else None).encode()
            for result in RetryResult
        ],
    }
