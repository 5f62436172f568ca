"""Getting sealed messages to the server, and to the devices that the server says were forgotten.

White paper, "Client fan-out". Both ends of each step are in the store: a crash in between sends the same bytes
again, never other bytes under the same key.
"""

from __future__ import annotations

from impl.client.directory import meet_all
from impl.device import Device
from impl.dialogue import Flow, Submit, Upload, ask

CORRECTIONS = 5
"""How often a message is made anew for devices that the server names; a server that goes on is not obeyed."""


def flush(device: Device, now: int) -> Flow[None]:
    """Hands over everything that the server has not confirmed: files, and then messages, oldest first."""
    for path, file in list(device.uploads.items()):
        yield from ask(Upload(path, file))
        device.uploaded(path)
    for message_id in list(device.outbox):
        yield from deliver(device, message_id, now)


def deliver(device: Device, message_id: str, now: int) -> Flow[None]:
    for _ in range(CORRECTIONS):
        outgoing = device.outbox.get(message_id)
        if outgoing is None:
            return
        if outgoing.missing:
            yield from meet_all(device, (address.user for address in outgoing.missing), now)
            device.seal_missing(message_id, now)
        else:
            accepted = yield from ask(Submit(message_id, outgoing.chat, outgoing.stanzas))
            if accepted.extra:
                yield from meet_all(device, (address.user for address in accepted.extra), now)
            device.submitted(message_id, accepted.missing)
    if message_id in device.outbox:
        device.submitted(message_id)
