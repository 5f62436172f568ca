"""Files on their way: uploaded before a message names them, fetched after, uploaded again by the phone if lost.

White paper, "Transmitting media and other attachments"; wire.md, sections 12.3 and 12.4. A crash before the message
is sealed leaves a file of which nobody knows; one right after it costs the phone only its help with a lost file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TypeVar

from impl import attachments, reupload
from impl.address import PHONE, Address, is_group
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import (
    Declined,
    DeleteBlob,
    Download,
    DownloadFile,
    Flow,
    MediaRetry,
    Receipt,
    Request,
    SendMediaRetry,
    SendReceipts,
    Upload,
    UploadFile,
    ask,
)
from impl.fanout import check_linked
from impl.media_retry import SealedRetry
from impl.messages import MessageKey
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.content import Media, MediaKind

A = TypeVar("A")
M = TypeVar("M", Media, Media | None)


def attach(
    device: Device, content: bytes | Path, kind: MediaKind, mimetype: str, caption: str, view_once: bool
) -> Flow[Media]:
    """Uploads a file; answers with what to say of it. Raises OSError for a path that cannot be read."""

    def seal(source: IO[bytes], target: IO[bytes]) -> Media:
        return attachments.attach(source, target, kind, mimetype, device.entropy, caption, view_once)

    return (yield from _upload(content, seal))


def fetch(device: Device, key: MessageKey) -> Flow[bytes]:
    """The content of a message's file. Raises Refused, "gone" if it is lost: a companion has then asked its phone."""
    kept = device.files.get(key)
    if kept is not None:
        return kept
    said = attachments.announced(device, key)[1]
    blob = yield from _download(device, key, Download(said.path))
    return device.keep_file(key, blob)


def fetch_to(device: Device, key: MessageKey, place: Path) -> Flow[None]:
    """As `fetch`, into a file, and in constant memory. Raises OSError, too."""
    said = attachments.announced(device, key)[1]
    with NamedTemporaryFile() as blob:
        yield from _download(device, key, DownloadFile(said.path, blob.name))
        device.keep_file_at(key, blob, place)


def view(phone: Phone, key: MessageKey, now: int) -> Flow[bytes]:
    """Opens a view-once medium; sender and own companions hear of it, and unless others read it, the file goes.

    Raises Refused.
    """
    said = attachments.announced(phone, key)[1] if key not in phone.opened else None
    blob = (yield from ask(Download(said.path))) if said else b""
    content = phone.open_view_once(key, blob, now)
    group = key.chat if is_group(key.chat) else None
    if said and group is None:
        yield from ask(DeleteBlob(said.path))
    others = [each for each in phone.peers.of(phone.address.user) if each != phone.address]
    played = Receipt(key.id, phone.address, key.author, "played", group)
    played_self = (Receipt(key.id, phone.address, each, "played-self", group) for each in others)
    yield from ask(SendReceipts((played, *played_self)))
    return content


def react(device: Device, retry: MediaRetry) -> Flow[None]:
    """A companion asks, or the phone has answered. Raises Refused."""
    sealed = SealedRetry(retry.payload, retry.iv)
    if isinstance(device, Companion):
        if device.found_file_again(retry.message, retry.sender, sealed):
            yield from fetch(device, retry.message)
    elif isinstance(device, Phone):
        yield from _help_out(device, retry, sealed)


def _help_out(phone: Phone, retry: MediaRetry, sealed: SealedRetry) -> Flow[None]:
    said = reupload.check_asked(phone, retry.message, sealed)
    content = attachments.kept(phone, retry.message)
    found = None
    if content is not None:
        found = yield from _upload(content, partial(attachments.attach_again, said))
    answer = reupload.answer(phone, retry.message, found.path if found else None)
    told = MediaRetry(phone.address, retry.sender, retry.message, answer.payload, answer.iv)
    yield from ask(SendMediaRetry(told))


def _upload(content: bytes | Path, seal: Callable[[IO[bytes], IO[bytes]], M]) -> Flow[M]:
    """Seals what is to be uploaded, and uploads it to where `seal` says, if it does."""
    if isinstance(content, bytes):
        blob = BytesIO()
        said = seal(BytesIO(content), blob)
        if said is not None:
            yield from ask(Upload(said.path, blob.getvalue()))
        return said
    with NamedTemporaryFile() as file, content.open("rb") as source:
        said = seal(source, file)
        file.flush()
        if said is not None:
            yield from ask(UploadFile(said.path, file.name))
    return said


def _download(device: Device, key: MessageKey, request: Request[A]) -> Flow[A]:
    """Raises Refused "gone" for a file that the server has no longer; a companion asks its phone for it."""
    try:
        return (yield from ask(request))
    except Declined as declined:
        if isinstance(device, Companion):
            sealed = device.ask_for_file(key)
            own = check_linked(device)
            yield from ask(SendMediaRetry(MediaRetry(own, Address(own.user, PHONE), key, sealed.payload, sealed.iv)))
        raise Refused("gone", f"the server no longer has the file of {key.id}") from declined
