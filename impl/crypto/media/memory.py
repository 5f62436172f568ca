"""Media files that fit into memory: the same file and the same checks as in `stream`."""

from dataclasses import asdict, dataclass, field
from io import BytesIO

from impl.crypto.media.keys import MediaKind
from impl.crypto.media.stream import MediaFacts, open_stream, seal_stream


@dataclass(frozen=True, slots=True)
class SealedMedia(MediaFacts):
    """The file as uploaded, and what its message announces."""

    file: bytes = field(repr=False)


def seal(plaintext: bytes, media_key: bytes, kind: MediaKind) -> SealedMedia:
    """As `seal_stream`."""
    file = BytesIO()
    facts = seal_stream(BytesIO(plaintext), file, media_key, kind)
    return SealedMedia(**asdict(facts), file=file.getvalue())


def open_(file: bytes, media_key: bytes, kind: MediaKind, sha256: bytes, enc_sha256: bytes, length: int) -> bytes:
    """The plaintext. Raises MediaError as `open_stream`."""
    plaintext = BytesIO()
    open_stream(BytesIO(file), plaintext, media_key, kind, sha256, enc_sha256, length)
    return plaintext.getvalue()
