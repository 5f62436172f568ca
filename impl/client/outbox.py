"""Getting sealed messages to the server, and to the devices that the server says were forgotten.

White paper, "Client fan-out". Both ends of each step are in the store: a crash in between sends the same bytes
again, never other bytes under the same key.
"""

from __future__ import annotations

from contextlib import suppress

from impl.address import is_group
from impl.client.directory import meet_all
from impl.client.membership import refresh
from impl.device import Device
from impl.dialogue import Accepted, Declined, Flow, Submit, SubmitToGroup, Upload, ask
from impl.fanout import check_linked
from impl.outbox import Outgoing
from impl.participants import participant_hash

CORRECTIONS = 5
"""How often a message is made anew for devices that the server names; a server that goes on is not obeyed."""


def flush(device: Device, now: int) -> Flow[None]:
    """Hands over everything that the server has not confirmed: files, and then messages, oldest first."""
    for path, file in list(device.uploads.items()):
        yield from ask(Upload(path, file))
        device.uploaded(path)
    for message_id in list(device.outbox):
        with suppress(Declined):  # nobody waits here for what was said before the connection
            yield from deliver(device, message_id, now)


def deliver(device: Device, message_id: str, now: int) -> Flow[None]:
    """Raises Declined if the server takes nothing from this device in that group: the message is withdrawn."""
    for _ in range(CORRECTIONS):
        outgoing = device.outbox.get(message_id)
        if outgoing is None:
            return
        if outgoing.missing:
            yield from _correct(device, message_id, outgoing, now)
        else:
            accepted = yield from _submit(device, message_id, outgoing)
            if accepted.extra:
                yield from meet_all(device, (address.user for address in accepted.extra), now)
            if _is_still(device, message_id, outgoing):
                device.submitted(message_id, accepted.missing)
    if message_id in device.outbox:
        device.submitted(message_id)


def _correct(device: Device, message_id: str, outgoing: Outgoing, now: int) -> Flow[None]:
    if outgoing.chat is not None and is_group(outgoing.chat):
        try:
            yield from refresh(device, outgoing.chat, now)
        except Declined:
            _withdraw(device, message_id, outgoing)
            raise
        yield from meet_all(device, (address.user for address in outgoing.missing), now)
        if _is_still(device, message_id, outgoing):
            device.resend_to_group(message_id, outgoing.missing, now)
    else:
        yield from meet_all(device, (address.user for address in outgoing.missing), now)
        if _is_still(device, message_id, outgoing):
            device.seal_missing(message_id, now)


def _submit(device: Device, message_id: str, outgoing: Outgoing) -> Flow[Accepted]:
    if outgoing.chat is None or outgoing.body is None:
        again, view_once = outgoing.only is not None, device.sent[message_id].view_once
        return (yield from ask(Submit(message_id, outgoing.chat, outgoing.stanzas, again, view_once)))
    sent, parts = device.sent[message_id], (outgoing.body, outgoing.stanzas, outgoing.only)
    phash = participant_hash((check_linked(device), *sent.targets))
    request = SubmitToGroup(message_id, outgoing.chat, phash, *parts, sent.view_once)
    try:
        return (yield from ask(request))
    except Declined:
        _withdraw(device, message_id, outgoing)
        raise


def _is_still(device: Device, message_id: str, outgoing: Outgoing) -> bool:
    """Whether no other flow has gone on with the message while this one waited for an answer about `outgoing`."""
    return device.outbox.get(message_id) == outgoing


def _withdraw(device: Device, message_id: str, outgoing: Outgoing) -> None:
    if _is_still(device, message_id, outgoing):
        device.withdraw(message_id)
