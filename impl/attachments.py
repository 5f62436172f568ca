"""Attachments: a file sealed under a key of its own, which the message carries. White paper, "Transmitting media".

The server keeps a file until somebody who knows its path deletes it, or as long as it likes; then the phone, which
keeps what it sent and fetched, uploads it again (`impl.reupload`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.crypto import media
from impl.crypto.media import MediaError
from impl.messages import MessageKey, StoredMessage
from impl.refusal import Refused, refused_as
from impl.wire.content import Media, MediaKind
from impl.wire.media_path import path_of

if TYPE_CHECKING:
    from impl.crypto.entropy import Entropy
    from impl.device import Device


def attach(
    content: bytes, kind: MediaKind, mimetype: str, entropy: Entropy, caption: str = "", view_once: bool = False
) -> tuple[Media, bytes]:
    """What to say of a file, and the encrypted file to upload at its path."""
    media_key = entropy(media.KEY_SIZE)
    file = media.seal(content, media_key, media_kind(kind))
    said = Media(
        kind,
        path_of(file.enc_sha256),
        mimetype,
        file.sha256,
        file.enc_sha256,
        file.length,
        media_key,
        caption,
        view_once,
    )
    return said, file.file


def announced(device: Device, key: MessageKey) -> tuple[StoredMessage, Media]:
    """Raises Refused unless a message of this name came with a medium."""
    message = device.messages.get(key)
    if message is None or message.media is None:
        raise Refused("announced", f"no file came with {key.id}")
    return message, message.media


def opened(said: Media, blob: bytes) -> bytes:
    """The content, once hashes, MAC and length are those of the message. Raises Refused."""
    with refused_as("file_intact", MediaError):
        return media.open_(blob, said.media_key, media_kind(said.kind), said.sha256, said.enc_sha256, said.length)


def keep(device: Device, key: MessageKey, blob: bytes) -> bytes:
    """The content of a downloaded file, which stays with its message. Raises Refused."""
    said = announced(device, key)[1]
    check_many_views(key, said)
    device.files[key] = content = opened(said, blob)
    return content


def check_many_views(key: MessageKey, said: Media) -> None:
    if said.view_once:
        raise Refused("view_once", f"{key.id} can be opened once only, and is not kept")


def media_kind(kind: MediaKind) -> media.MediaKind:
    return media.MediaKind[kind.upper()]
