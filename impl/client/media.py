"""Files on their way: uploaded before a message names them, fetched after, uploaded again by the phone if lost.

White paper, "Transmitting media and other attachments"; wire.md, sections 12.3 and 12.4. A crash before the message
is sealed leaves a file of which nobody knows; one right after it costs the phone only its help with a lost file.
"""

from __future__ import annotations

from impl import attachments, reupload
from impl.address import PHONE, Address, is_group
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import (
    Declined,
    DeleteBlob,
    Download,
    Flow,
    MediaRetry,
    Receipt,
    SendMediaRetry,
    SendReceipts,
    Upload,
    ask,
)
from impl.fanout import check_linked
from impl.media_retry import SealedRetry
from impl.messages import MessageKey
from impl.phone import Phone
from impl.refusal import Refused


def fetch(device: Device, key: MessageKey) -> Flow[bytes]:
    """The content of a message's file. Raises Refused, "gone" if it is lost: a companion has then asked its phone."""
    kept = device.files.get(key)
    if kept is not None:
        return kept
    said = attachments.announced(device, key)[1]
    try:
        blob = yield from ask(Download(said.path))
    except Declined as declined:
        if isinstance(device, Companion):
            sealed = device.ask_for_file(key)
            own = check_linked(device)
            yield from ask(SendMediaRetry(MediaRetry(own, Address(own.user, PHONE), key, sealed.payload, sealed.iv)))
        raise Refused("gone", f"the server no longer has the file of {key.id}") from declined
    return device.keep_file(key, blob)


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
        found = reupload.help_out(device, retry.message, sealed)
        if found:
            yield from ask(Upload(*found))
        answer = reupload.answer(device, retry.message, found[0] if found else None)
        told = MediaRetry(device.address, retry.sender, retry.message, answer.payload, answer.iv)
        yield from ask(SendMediaRetry(told))
