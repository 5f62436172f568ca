"""Kinds of media, and the keys and layout of a file: one media key gives other keys for each kind.

Source: WhatsApp security white paper, "Transmitting media and other attachments"; names of the kinds as in
WhatsApp Web's modules WAWebMmsMediaTypes and WAWebCryptoMediaTypeInfo.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.kdf import hkdf

KEY_SIZE = 32
"""Bytes of a media key, which are random for each file."""

MAC_SIZE = 10
OVERHEAD = BLOCK_SIZE + MAC_SIZE
"""By how many bytes a file is longer than its plaintext, at most: padding and MAC."""


class MediaKind(Enum):
    """`info` separates the keys of kinds; the media server keeps a file under its `mms_type`.

    Kinds that share `info` differ for the server only: what was sealed as an image opens as a sticker.
    """

    IMAGE = b"WhatsApp Image Keys", "image"
    STICKER = b"WhatsApp Image Keys", "sticker"
    VIDEO = b"WhatsApp Video Keys", "video"
    GIF = b"WhatsApp Video Keys", "gif"
    PTV = b"WhatsApp Video Keys", "ptv"
    AUDIO = b"WhatsApp Audio Keys", "audio"
    PTT = b"WhatsApp Audio Keys", "ptt"
    DOCUMENT = b"WhatsApp Document Keys", "document"
    HISTORY = b"WhatsApp History Keys", "md-msg-hist"
    APP_STATE = b"WhatsApp App State Keys", "md-app-state"
    LINK_THUMBNAIL = b"WhatsApp Link Thumbnail Keys", "thumbnail-link"
    IMAGE_THUMBNAIL = b"WhatsApp Image Thumbnail Keys", "thumbnail-image"
    VIDEO_THUMBNAIL = b"WhatsApp Video Thumbnail Keys", "thumbnail-video"
    DOCUMENT_THUMBNAIL = b"WhatsApp Document Thumbnail Keys", "thumbnail-document"
    STICKER_PACK = b"WhatsApp Sticker Pack Keys", "sticker-pack"
    STICKER_PACK_THUMBNAIL = b"WhatsApp Sticker Pack Thumbnail Keys", "thumbnail-sticker-pack"

    def __init__(self, info: bytes, mms_type: str) -> None:
        self.info = info
        self.mms_type = mms_type


@dataclass(frozen=True, slots=True)
class MediaKeys:
    """What a 32-byte media key expands to for one kind of media: 16, 32 and 32 bytes."""

    iv: bytes = field(repr=False)
    cipher: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def derive(cls, media_key: bytes, kind: MediaKind) -> Self:
        expanded = hkdf(media_key, kind.info, 112)
        return cls(iv=expanded[:16], cipher=expanded[16:48], mac=expanded[48:80])
