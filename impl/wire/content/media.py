"""Announced media: where the encrypted file lies and how to open it. Upstream: `waE2E` of tulir/whatsmeow."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from impl.wire.content.fields import HASH_SIZE, KEY_SIZE, path
from impl.wire.content.text import Timer, read_timer, write_timer
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import present, sized, text

MediaKind = Literal["image", "video", "audio", "document", "sticker"]

FIELDS: dict[str, MediaKind] = {f"{kind}Message": kind for kind in get_args(MediaKind)}
"""The field of Message for each kind; inside, the same names stand under other numbers."""

CAPTIONED = ("image", "video", "document")
FLAGGED = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class Media:
    """ImageMessage, VideoMessage, AudioMessage, DocumentMessage or StickerMessage.

    Hashes and `media_key` are 32 bytes; `length` is that of the plaintext, in bytes. Audio and
    stickers have no caption.
    """

    kind: MediaKind
    path: str
    mimetype: str
    sha256: bytes
    enc_sha256: bytes
    length: int
    media_key: bytes
    caption: str = ""
    view_once: bool = False
    timer: Timer | None = None


def write_media(body: Media) -> pb.Message:
    message = pb.Message()
    media: Any = getattr(message, f"{body.kind}Message")
    media.directPath = body.path
    media.mimetype = body.mimetype
    media.fileSHA256 = body.sha256
    media.fileEncSHA256 = body.enc_sha256
    media.fileLength = body.length
    media.mediaKey = body.media_key
    if body.caption:
        media.caption = body.caption
    if body.timer is not None:
        media.contextInfo.CopyFrom(write_timer(body.timer))
    if not body.view_once:
        return message
    if body.kind in FLAGGED:
        media.viewOnce = True
    return pb.Message(viewOnceMessageV2=pb.FutureProofMessage(message=message))


def read_media(message: pb.Message, field: str) -> Media:
    """The media in `field`; the wrapper around it, if any, says too that it may be viewed but once."""
    kind, media = FIELDS[field], getattr(message, field)
    present(media, "fileLength")
    return Media(
        kind,
        path(media),
        text(media, "mimetype"),
        sized(media, "fileSHA256", HASH_SIZE),
        sized(media, "fileEncSHA256", HASH_SIZE),
        media.fileLength,
        sized(media, "mediaKey", KEY_SIZE),
        text(media, "caption") if kind in CAPTIONED and media.HasField("caption") else "",
        kind in FLAGGED and media.viewOnce,
        read_timer(media),
    )
