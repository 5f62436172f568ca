"""Asking for what could not be opened, and answering who asks. wire.md, section 8.7.

The request is in the store before it is said; until it is, the ciphertext stays in the mailbox and leads to it again.
"""

from __future__ import annotations

from dataclasses import replace

from impl.client import outbox
from impl.client.directory import can_send, meet_all
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import AskRetry, FetchBundles, Flow, ask
from impl.refusal import Refused
from impl.stanza import GroupStanza, RetryRequest, Stanza


def ask_again(
    device: Device, stanza: Stanza | GroupStanza, refusal: Refused, now: int, chat: str | None = None
) -> Flow[None]:
    """Asks the sender; a companion that asked in vain for the last time asks its phone."""
    request = device.want(stanza, refusal, chat)
    if request is not None:
        yield from ask(AskRetry(request))
    elif isinstance(device, Companion):
        device.request_placeholder(stanza, now)
        yield from outbox.flush(device, now)


def answer(device: Device, request: RetryRequest, now: int) -> Flow[None]:
    """Sends a message once more, to the device that asks. Raises Refused."""
    yield from outbox.deliver(device, request.id, now)
    if not can_send(device, request.sender, now):
        yield from meet_all(device, (request.sender.user,), now)
    device.answer_retry((yield from _with_keys(device, request)), now)
    yield from outbox.deliver(device, request.id, now)


def _with_keys(device: Device, request: RetryRequest) -> Flow[RetryRequest]:
    """Who never answered in a session may lack what it began with: a new one then, with keys of the server's.

    So does npm baileys, messages-recv.js, whenever keys are not in the request; pywhats never puts any in.
    """
    record = device.records.get(request.sender)
    if request.keys is None and record is not None and record.current.pending is not None:
        for address, bundle in (yield from ask(FetchBundles((request.sender,)))):
            if address == request.sender and bundle.registration_id == request.registration_id:
                return replace(request, keys=bundle)
    return request
