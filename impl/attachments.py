"""Attachments: a file sealed under a key of its own, which the message carries. White paper, "Transmitting media".

The server keeps a file for a month (`impl.server.blobs`), or until somebody who knows its path deletes it; then the
phone, which keeps what it sent and fetched, uploads it again (`impl.reupload`). What came from a file on disk or went
into one stays there; here it is only said where, and it passes by in pieces.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

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
    source: IO[bytes],
    target: IO[bytes],
    kind: MediaKind,
    mimetype: str,
    entropy: Entropy,
    caption: str = "",
    view_once: bool = False,
) -> Media:
    """Appends the encrypted file to `target`, for the path in what this answers: that is what to say of it."""
    media_key = entropy(media.KEY_SIZE)
    facts = media.seal_stream(source, target, media_key, media_kind(kind))
    path = path_of(facts.enc_sha256)
    hashes = facts.sha256, facts.enc_sha256, facts.length
    return Media(kind, path, mimetype, *hashes, media_key, caption, view_once)


def attach_again(said: Media, source: IO[bytes], target: IO[bytes]) -> Media | None:
    """As `attach`, the file of a message once more; None if the content is another one by now.

    The media key gives the initialisation vector, too: the same content makes the same file.
    """
    facts = media.seal_stream(source, target, said.media_key, media_kind(said.kind))
    return said if facts.enc_sha256 == said.enc_sha256 else None


def announced(device: Device, key: MessageKey) -> tuple[StoredMessage, Media]:
    """Raises Refused unless a message of this name came with a medium."""
    message = device.messages.get(key)
    if message is None or message.media is None:
        raise Refused("announced", f"no file came with {key.id}")
    return message, message.media


def opened(said: Media, blob: bytes) -> bytes:
    """The content, once hashes, MAC and length are those of the message. Raises Refused."""
    content = BytesIO()
    open_into(said, BytesIO(blob), content)
    return content.getvalue()


def open_into(said: Media, blob: IO[bytes], target: IO[bytes]) -> None:
    """As `opened`, from the seekable `blob` into `target`, which then has all of it or nothing. Raises Refused."""
    with refused_as("file_intact", MediaError):
        media.open_stream(
            blob, target, said.media_key, media_kind(said.kind), said.sha256, said.enc_sha256, said.length
        )


def keep(device: Device, key: MessageKey, blob: bytes) -> bytes:
    """The content of a downloaded file, which stays with its message. Raises Refused."""
    said = announced(device, key)[1]
    check_many_views(key, said)
    device.files[key] = content = opened(said, blob)
    return content


def keep_at(device: Device, key: MessageKey, blob: IO[bytes], place: Path) -> None:
    """As `keep`, in a file of the user's, which appears once all of it is there. Raises Refused, OSError."""
    said = announced(device, key)[1]
    check_many_views(key, said)
    with NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as unseen:
        try:
            open_into(said, blob, unseen)
        except BaseException:
            Path(unseen.name).unlink()
            raise
    Path(unseen.name).replace(place)
    device.places[key] = str(place.absolute())


def own(device: Device, key: MessageKey, content: bytes | Path) -> None:
    """What this device sent stays with its message."""
    if isinstance(content, Path):
        device.places[key] = str(content.absolute())
    else:
        device.files[key] = content


def kept(device: Device, key: MessageKey) -> bytes | Path | None:
    """The content as it is here, or the file that it is in, which may hold another one by now."""
    content, place = device.files.get(key), device.places.get(key)
    if content is not None or place is None:
        return content
    return Path(place) if Path(place).is_file() else None


def check_many_views(key: MessageKey, said: Media) -> None:
    if said.view_once:
        raise Refused("view_once", f"{key.id} can be opened once only, and is not kept")


def media_kind(kind: MediaKind) -> media.MediaKind:
    return media.MediaKind[kind.upper()]
